"""Large parts and libraries travel by hash, once, and arrive as they were."""

import shutil
from dataclasses import dataclass

from oestra.core.library import SHIPPED, Kind, library_of
from oestra.core.parameter_set import ParameterSet
from oestra.work.parcel import Parcels, opened


@dataclass(frozen=True)
class Pool:
    """A large part."""

    sent_apart = True
    data: bytes
    within: object = None


def test_a_large_part_is_packed_once():
    parcels, pool = Parcels(), Pool(b"x" * 100_000)
    sent = [parcels.pack((max, (pool, number))) for number in range(3)]
    assert len(parcels.parts) == 1
    assert max(len(one.letter) for one in sent) < 1_000
    function, (arrived, number) = opened(sent[2].letter, parcels.parts)
    assert (function, arrived, number) == (max, pool, 2)
    again = opened(sent[1].letter, parcels.parts)[1][0]
    assert again is arrived


def test_what_a_part_names_travels_with_it():
    parcels = Parcels()
    inner = Pool(b"inner")
    sent = parcels.pack(Pool(b"outer", within=(inner, inner)))
    assert len(sent.parts) == len(parcels.parts) == 2
    got = opened(sent.letter, {name: parcels.parts[name] for name in sent.parts})
    assert got.within == (inner, inner)


def test_a_library_arrives_where_its_folder_is_not(tmp_path):
    folder = tmp_path / "mine"
    (folder / "drugs").mkdir(parents=True)
    (folder / "drugs" / "mine.yaml").write_text("a: 1")
    parcels = Parcels()
    sent = parcels.pack(ParameterSet({"a": 1.0}, library_of([folder])))
    shutil.rmtree(folder)
    arrived = opened(sent.letter, parcels.parts)
    (file,) = arrived.library.own(Kind.DRUGS)
    assert file.read_text() == "a: 1"
    assert dict(arrived) == {"a": 1.0}


def test_the_library_of_the_package_does_not_travel():
    parcels = Parcels()
    sent = parcels.pack(ParameterSet({"a": 1.0}))
    assert sent.parts == ()
    # What was read of it serves all calls.
    assert opened(sent.letter, {}).library is SHIPPED
