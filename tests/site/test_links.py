"""Links that lead nowhere are found, and no others."""

from builder.links import broken_links


def test_links_that_lead_nowhere_are_named(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.html").write_text(
        '<a id="here" href="#here"></a><a href="#lost"></a>'
        '<a href="deep/b.html#there"></a><a href="deep/b.html#gone"></a>'
        '<img src="none.png"><a href="https://example.org/x"></a><a href="a.html?q=1">'
    )
    (tmp_path / "deep" / "b.html").write_text('<p id="there"><a href="../a.html">')
    assert list(broken_links(tmp_path)) == [
        "a.html: #lost",
        "a.html: deep/b.html#gone",
        "a.html: none.png",
    ]
