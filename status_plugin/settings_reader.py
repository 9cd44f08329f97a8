"""Reads the settings from the configuration of an application."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from status_plugin.settings import PREFIX, SETTINGS, Setting, SettingError, Settings


def read_settings(config: Mapping[str, Any], root: Path, instance: Path) -> Settings:
    """The settings of an application; raises SettingError for the first value that cannot be used."""
    values = {setting.name.lower(): _read(setting, config) for setting in SETTINGS}
    values["content"] = root / values["content"]
    if values["monitor_ca_file"] is not None:
        values["monitor_ca_file"] = root / values["monitor_ca_file"]
    if not values["content"].is_dir():
        raise SettingError(
            f"STATUS_CONTENT: there is no folder {str(values['content'])!r}. "
            "Make it, with components.yml in it, or set the path of the folder of notes."
        )
    if values["blog"] is not None:
        values["blog"] = root / values["blog"]
        if not values["blog"].is_dir():
            raise SettingError(
                f"STATUS_BLOG: there is no folder {str(values['blog'])!r}. "
                "Set the path of the folder of the site's own posts, or leave it out."
            )
    if isinstance(values["monitor_map"], Path):
        values["monitor_map"] = instance / values["monitor_map"]
    elif values["monitor_map"] is None and (instance / "monitor.yml").is_file():
        values["monitor_map"] = instance / "monitor.yml"
    values["announced"] = instance / values["announced"]
    for name in ("announce", "journal", "deny_list", "index"):
        if values[name] is not None:
            values[name] = _kept_elsewhere(name, instance / values[name], values["content"])
    return Settings(**values)


def _kept_elsewhere(name: str, path: Path, content: Path) -> Path:
    """A file's path; what is no note has no place among the notes, which others may read."""
    if path.is_relative_to(content):
        raise SettingError(
            f"{PREFIX}{name.upper()}: the file lies in the content folder, which is for notes and which "
            "others may read. Keep it elsewhere, such as in the instance folder."
        )
    return path


def strange_keys(config: Mapping[str, Any]) -> dict[str, str]:
    """Keys that look like ours and are not, each with the key that was probably meant."""
    known = {setting.name for setting in SETTINGS}
    ours = [key.removeprefix(PREFIX) for key in config if key.startswith(PREFIX)]
    guesses = {
        name: difflib.get_close_matches(name, known, n=1, cutoff=0.75) for name in ours if name not in known
    }
    return {PREFIX + name: PREFIX + guess[0] for name, guess in guesses.items() if guess}


def _read(setting: Setting, config: Mapping[str, Any]) -> Any:
    value = config.get(setting.key, setting.default)
    try:
        return setting.read(value)
    except ValueError as error:
        found = ". What is set may be secret and is not shown" if setting.private else f", not {value!r}"
        raise SettingError(
            f"{setting.key} {error}{found}. Example: {setting.key} = {setting.example}"
        ) from None
