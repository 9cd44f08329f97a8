"""One page for the site's web server, for when the site itself does not answer."""

from __future__ import annotations

import secrets
from pathlib import Path

from flask import Flask
from markupsafe import Markup

from status_plugin.staff.exporting.export import place_of
from status_plugin.staff.exporting.fixed_edition import fixed
from status_plugin.staff.exporting.links import Links
from status_plugin.staff.exporting.pages import pages_of, targets_of
from status_plugin.staff.exporting.problem import ExportError
from status_plugin.web.assets import ASSETS
from status_plugin.web.blueprint import render
from status_plugin.web.edition import Edition
from status_plugin.web.state import PluginState


def error_page(app: Flask, state: PluginState, edition: Edition, base: str) -> bytes:
    """The page of an edition, whole in itself, with complete links: to the copy if it has an address."""
    place = place_of(state, base)
    copy = place.base or place.elsewhere
    address = f"{place.site}{place.prefix}/"
    with fixed(app, state, edition, address), app.test_request_context(base_url=f"{place.site}/"):
        app.preprocess_request()
        text = render(
            "status/error_page.html",
            style=Markup(ASSETS["status.css"].content.decode()),  # noqa: S704, it is our own
            copy=copy,
        )
    targets = targets_of(pages_of(edition)) if copy else {}
    links = Links(site=place.site, root=place.root, targets=targets, locate=lambda address: None, base=copy)
    return links.html(text, place.root, "error.html").encode()


def write_error_page(file: Path, page: bytes) -> None:
    """Put the page into a file, which is there as a whole at any moment; ExportError if that fails."""
    try:
        if file.is_file() and file.read_bytes() == page:
            return
        new = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        try:
            new.write_bytes(page)
            new.replace(file)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        raise ExportError(f"{file} cannot be written: {error.strerror}.") from None
