"""cState's sites: `config.yml` and `content/issues/*.md`, read into the shape of any other status page."""
