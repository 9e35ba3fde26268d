"""Put a table into a page, between two marks."""


def put(path, mark, table):
    """Replace what stands between the two marks in a Markdown file."""
    before, first, rest = path.read_text("utf-8").partition(f"<!-- {mark} -->\n")
    _, last, after = rest.partition(f"<!-- /{mark} -->")
    if not (first and last):
        raise ValueError(f"{path.name} must hold the marks <!-- {mark} --> and its end")
    path.write_text(f"{before}{first}{table}\n{last}{after}", "utf-8")
