"""The rules of those who read: files, front matter, times, updates, components and the monitor map."""

from __future__ import annotations

from status_plugin.staff.checking.rule import Chapter, doubt, error

CHAPTERS = (
    Chapter(
        title="Files",
        rules=(
            error("unreadable-file", "The file cannot be opened."),
            error("unreadable-folder", "A folder cannot be listed."),
            error("too-large", "The file is larger than any note needs."),
            error("not-utf-8", "The file is not UTF-8 text."),
            error("control-character", "An invisible character stands in the text."),
            error("misplaced", "A note, or a folder of notes, lies where none is read."),
            doubt("not-a-note", "A file in a folder of notes does not end in `.md`.", allow=False),
            doubt(
                "link",
                "A symbolic link leads out of the folder, or a folder of notes is one; it is not followed.",
                allow=False,
            ),
            doubt(
                "file-name",
                "The file's name cannot stand in an address; the note's address differs.",
                allow=False,
            ),
            error("duplicate-slug", "Another note has this address; the path that sorts first wins."),
            error("alias-taken", "An alias leads to another note."),
        ),
    ),
    Chapter(
        title="Front matter and YAML",
        rules=(
            error("fence-missing", "The front matter does not begin in the first line, or is not closed."),
            error("unreadable-yaml", "The YAML cannot be read here."),
            error("unquoted-text", "A text needs quotes; it is read all the same."),
            error("comment-in-text", "YAML takes what follows ` #` for a comment."),
            error("duplicate-key", "A key is written twice; the last one counts."),
            error("unknown-key", "The key means nothing here."),
            error("wrong-kind", "A list or mapping where a text belongs, or the other way round."),
            error("wrong-word", "The word is none of those that can stand here."),
            error("wrong-slug", "The text cannot stand in an address."),
            error("wrong-url", "Visitors cannot follow the address of a post."),
            error("not-a-post", "A post has no title or no address."),
            error("title-missing", "The note has no title."),
            doubt("impact-missing", "The incident has no impact; `degraded` is taken.", allow=False),
            error("started-missing", "Nothing says when the incident began."),
            error("resolved-before-started", "The incident ends before it begins."),
            error("starts-missing", "The window does not say when it begins."),
            error("ends-missing", "The window does not say when it ends."),
            error("ends-before-starts", "The window ends before it begins."),
            error("ends-and-duration", "`ends` and `duration` contradict each other; `ends` counts."),
            error(
                "unknown-component",
                "No component has this name; in the monitor map no component of components.yml.",
            ),
            error("empty-name", "A name is missing in `affects`."),
            error("two-states", "A component has two states; the worse one counts."),
            error("state-in-window", "A component of a window has a state of its own."),
        ),
    ),
    Chapter(
        title="Times and lengths of time",
        rules=(
            error("empty-time", "There is no time."),
            error("unreadable-time", "It is not understood as a time."),
            error("impossible-time", "There is no such time of day."),
            error("impossible-date", "The calendar has no such day."),
            error("numeric-date", "`9/4` is read differently in different countries."),
            error("relative-time", "`now` or `today` means another time to everybody who reads it later."),
            error("midnight", "It may be the beginning of the day or its end."),
            error("weekday-alone", "A weekday names no date."),
            error("no-date", "There is no date, and no entry above to take it from."),
            error("no-year", "There is no year, and no entry above to take it from."),
            error("unknown-zone", "There is no such time zone."),
            error("ambiguous-zone", "The abbreviation names several time zones."),
            doubt(
                "zone-contradicts-date",
                'The zone was not in force that day ("EST" in July); the local time counts.',
            ),
            doubt("weekday-contradicts-date", "The date was another weekday."),
            doubt("no-am-pm", "`5:33` is read as the morning."),
            doubt("skipped-hour", "The clocks skipped this time; it is read as the hour after."),
            doubt("doubled-hour", "The clocks showed this time twice; it is read as the first."),
            error("ahead-of-clock", "The time lies ahead of the clock."),
            error("unreadable-duration", "It is not a length of time."),
            error("impossible-duration", "The length is nothing, or more than a year."),
        ),
    ),
    Chapter(
        title="Updates",
        rules=(
            error("update-without-at", "There is no `@` before the time."),
            error("update-without-time", "There is no time."),
            error("update-without-colon", "No colon and blank follow the time."),
            error("update-misspelt", "The line begins with something like `Update`."),
            error("update-malformed", "The line looks like an update and does not begin like one."),
            error("update-in-code", "The line stands inside code that began above it."),
            doubt("update-in-quote", "The line stands in a quotation, so it is text."),
            error("unclosed-block", "A block of code or a comment is not closed."),
            error("unclosed-bracket", "A bracket is not closed."),
            doubt("no-colon", "The colon is missing behind the bracket."),
            error("repeated-detail", "A phase, or another detail, is there twice."),
            error("since-after-update", "`since` is later than the update."),
            error("next-update-too-early", "`next update` is not later than the update."),
            error("no-state", "A component in the brackets has no state."),
            error("unchecked-components", "`affects` cannot be checked while components.yml cannot be read."),
            doubt("out-of-order", "The update is earlier than the one above it."),
        ),
    ),
    Chapter(
        title="Links to notes and posts, in notes and in the site's blog",
        rules=(
            error("no-such-note", "The link leads to no public note."),
            error("no-such-post", 'The site answers "not found" at the address of a post.'),
            doubt("foreign-post", "No page of this application is at the address of a post."),
            error("no-address", "Nothing tells the address of a post that names a note."),
            doubt(
                "unreadable-post", "The front matter of a post that names a note cannot be read.", allow=False
            ),
        ),
    ),
    Chapter(
        title="components.yml",
        rules=(
            error("no-components", "The file is not there, or holds no list."),
            error("not-a-component", "An entry is no component."),
            error("name-missing", "A component has no name."),
            error("duplicate-component", "Two components have one slug, or one is called `all`."),
            error("group-missing", "A group has no name."),
            error("group-without-components", "A group has no list of components."),
            error("wrong-checks", "`checks` is no list, or has an empty or doubled name."),
        ),
    ),
    Chapter(
        title="The monitor map",
        rules=(
            doubt(
                "unknown-monitor", "The map names a source that `STATUS_MONITOR` does not open.", allow=False
            ),
            doubt("unknown-check", "The map names a check that components.yml does not.", allow=False),
            doubt("unmonitored-component", "The component has no `checks` in components.yml.", allow=False),
            doubt(
                "unmapped-component",
                "The component has checks, and the map has nothing for it; it is unknown.",
                allow=False,
            ),
            doubt(
                "unmapped-check",
                "The map has nothing for one of its checks; its state is unknown.",
                allow=False,
            ),
        ),
    ),
)
"""In the order of the documentation."""
