"""The company's site: a small Flask app with the Network Status page mounted in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, render_template
from werkzeug.exceptions import InternalServerError, NotFound

import demonstration
import standins
from posts import read_posts
from status_plugin import StatusPlugin

HOME = Path(__file__).parent
BLOG = HOME / "blog"
SERVERS = HOME / "instance" / "servers"

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

pages = Blueprint("site", __name__)


def create_app(settings: Mapping[str, object] | None = None) -> Flask:
    """The site; `settings` go before its own."""
    site = Flask(__name__)
    watched = monitor_map(SERVERS)
    site.config.from_mapping(
        COMPANY="Pure Energy Systems",
        CONTACT_EMAIL="support@example.com",
        STATUS_TIMEZONE="America/New_York",
        STATUS_CONTACT_URL="/contact/",
        STATUS_MONITOR="probe:",
        STATUS_MONITOR_MAP=watched,
        # Where nothing runs that could be watched there is no history to keep.
        STATUS_JOURNAL="journal" if watched else "",
        STATUS_BLOG=BLOG,
        STATUS_BLOG_URL="/blog/{year}/{month}/{slug}/",
        STATUS_EMBED_ANCESTORS="*",
    )
    site.config.from_mapping(settings or {})
    site.register_blueprint(pages)
    site.after_request(add_security_headers)
    StatusPlugin(site)
    return site


def monitor_map(servers: Path) -> dict[str, object]:
    """What the built-in checks watch: the demonstration's listeners, where they are running."""
    addresses = standins.addresses(servers)
    return {component: {"probe": {"checks": checks}} for component, checks in addresses.items()}


def add_security_headers(response: Response) -> Response:
    """Forbid inline scripts and styles, foreign resources and framing on every page."""
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    return response


@pages.get("/")
def home() -> str:
    """The front page."""
    return render_template("home.html", posts=read_posts(BLOG)[:2])


@pages.get("/contact/")
def contact() -> str:
    """How to report a problem."""
    return render_template("contact.html")


@pages.get("/blog/")
def blog() -> str:
    """All posts, newest first."""
    return render_template("blog/index.html", posts=read_posts(BLOG))


@pages.get("/blog/<int:year>/<int(fixed_digits=2):month>/<slug>/")
def post(year: int, month: int, slug: str) -> str:
    """One post."""
    wanted = (year, month, slug)
    found = [post for post in read_posts(BLOG) if (post.date.year, post.date.month, post.slug) == wanted]
    if not found:
        abort(404)
    return render_template("blog/post.html", post=found[0])


@pages.app_errorhandler(404)
def not_found(error: NotFound) -> tuple[str, int]:
    """The page for addresses that lead nowhere."""
    return render_template("404.html"), 404


@pages.app_errorhandler(500)
def failed(error: InternalServerError) -> tuple[str, int]:
    """The page for faults of our own."""
    return render_template("500.html"), 500


if __name__ == "__main__":
    demonstration.run(create_app, SERVERS)
