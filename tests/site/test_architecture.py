"""The picture of the architecture is that of the contract of imports."""

import draw_architecture as drawing


def test_the_picture_is_up_to_date():
    assert drawing.TARGET.read_text(encoding="utf-8") == drawing.picture()


def test_every_storey_stands_in_it_with_its_purpose():
    names = [name for row in drawing.storeys() for name in row]
    folders = {
        file.parent.name for file in drawing.ROOT.glob("src/oestra/*/__init__.py")
    }
    assert set(names) == folders
    assert all(f'class="name">{name}<' in drawing.picture() for name in names)
    assert all(drawing.purpose(name) for name in names)
