"""Blocks of pages are run in order, and a page shows what they print."""

import subprocess
import sys
from pathlib import Path

import pytest

from builder.blocks import (
    BlockError,
    blocks,
    figures,
    missing,
    rendered,
    run_blocks,
)
from builder.executed import execute_page, shown_page
from builder.script import page_script

PAGE = """# A lesson

```yaml file=deep/a.yaml
x: 1
```

```sh
cat deep/a.yaml
```

Words.

```python
y = 2
print(y)
```

```python
print(y + 1)
```

```sh skip
exit 3
```

````text
```sh
exit 4
```
````
"""


def test_blocks_run_in_order_in_one_folder_and_one_namespace(tmp_path):
    assert list(run_blocks(PAGE, tmp_path)) == ["", "x: 1\n", "2\n", "3\n", "", ""]


def test_a_fence_within_a_longer_one_is_no_block():
    assert [block.language for block in blocks(PAGE)][-2:] == ["sh", "text"]
    assert not blocks(PAGE)[-1].runs


def test_output_stands_below_its_block(tmp_path):
    printed = list(run_blocks(PAGE, tmp_path))
    shown = rendered(PAGE, printed, tmp_path, tmp_path)
    code, out, words = (shown.index(t) for t in ("cat deep", ":class: output", "Words"))
    assert code < out < words
    assert shown.count(":class: output") == 3
    assert ":caption: deep/a.yaml" in shown


def test_without_outputs_the_blocks_stand_alone(tmp_path):
    assert ":class: output" not in rendered(PAGE, None, tmp_path, tmp_path)


@pytest.mark.parametrize("block", ["```sh\nfalse | cat\n```", "```sh\n$none\n```"])
def test_a_shell_that_fails_stops_the_page(block, tmp_path):
    with pytest.raises(BlockError, match="status"):
        list(run_blocks(block, tmp_path))


def test_an_assertion_that_fails_stops_the_page(tmp_path):
    with pytest.raises(AssertionError):
        list(run_blocks("```python\nassert 1 > 2\n```", tmp_path))


def test_a_picture_must_be_made_and_is_copied(tmp_path):
    page = "```sh\n{}\n```\n\n<!-- figure: a/b.svg | A line -->\n"
    assert figures(page) == ("a/b.svg",)
    with pytest.raises(BlockError, match=r"a/b\.svg"):
        list(run_blocks(page.format("true"), tmp_path))
    printed = list(run_blocks(page.format("mkdir a; echo x >a/b.svg"), tmp_path))
    shown = rendered(page, printed, tmp_path, tmp_path / "site")
    assert "![A line](a/b.svg)" in shown
    assert (tmp_path / "site" / "a" / "b.svg").read_text() == "x\n"


def test_a_directive_is_left_as_it_is(tmp_path):
    page = "```{toctree}\na\n```\n"
    assert rendered(page, [""], tmp_path, tmp_path) == page


def test_a_page_that_needs_what_is_missing_is_not_run(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "kept"))
    page = "<!-- needs: {} -->\n\n```sh\necho told\n```\n"
    assert missing(page.format("true")) == ()
    assert missing(page.format("no-such-program 2>&1")) == ("no-such-program 2>&1",)
    for need, printed in (("no-such-program", False), ("true", True)):
        execute_page(page.format(need), "lesson", program="p")
        shown = shown_page(page.format(need), tmp_path, program="p")
        assert (":class: output" in shown) is printed
        assert "needs" not in shown
    assert (
        "lesson: not executed, for want of no-such-program" in capsys.readouterr().err
    )


HARD = r'''# "Hard"

```yaml file=a.txt
one \n """two""" \
end\
```

```sh
# Not a heading
sed 's/\(one\)/<\1>/' a.txt
```

```python
print("x\ty", """z""")
```
'''


@pytest.mark.parametrize("page", [PAGE, HARD])
def test_a_script_does_what_its_page_does(page, tmp_path):
    (tmp_path / "page").mkdir()
    expected = "".join(run_blocks(page, tmp_path / "page"))
    script = tmp_path / "page.py"
    script.write_text(page_script(page))
    (tmp_path / "script").mkdir()
    done = subprocess.run(  # noqa: S603 - this Python and its script
        [sys.executable, str(script)],
        cwd=tmp_path / "script",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == expected


DOCS = Path(__file__).parents[2] / "docs"
EXECUTED = sorted((*DOCS.glob("tutorials/*.md"), *DOCS.glob("how-to/*.md")))


@pytest.mark.parametrize("file", EXECUTED, ids=lambda f: f.stem)
def test_the_script_of_a_page_is_python(file):
    compile(page_script(file.read_text("utf-8")), f"{file.stem}.py", "exec")
