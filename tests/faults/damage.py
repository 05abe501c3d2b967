"""Checkpoints of a run directory that are damaged: the run must say so and go on from the newest one
that is intact, or end with code 3 if there is none; intact files stay as they are."""

import json
import os
import random
import shutil

from harness import Tally, study

# Every how-many-th of the places.
STRIDES = {"ci": 25, "full": 1, "nightly": 1}
FLIPS_PER_ARRAY = {"ci": 1, "full": 1, "nightly": 8}


def flip(path, place, bit=None):
    content = bytearray(path.read_bytes())
    content[place] ^= 1 << (random.randrange(8) if bit is None else bit)
    path.write_bytes(content)


def damages(newest, other, size):
    """Pairs of what is done to the newest checkpoint and the function that does it."""
    data, manifest = newest.with_suffix(".h5"), newest.with_suffix(".json")
    described = json.loads(manifest.read_text())
    content, text = data.read_bytes(), manifest.read_bytes()
    stride = STRIDES[size]
    cuts = list(range(0, len(content), 4096)) + [len(content) - 1]
    for length in cuts[::stride]:
        yield f"data cut to {length} bytes", lambda n=length: data.write_bytes(content[:n])
    for length in list(range(0, len(text), 997))[::stride]:
        yield f"manifest cut to {length} bytes", lambda n=length: manifest.write_bytes(text[:n])
    yield "data longer", lambda: data.write_bytes(content + b"x")
    yield "data all zeros", lambda: data.write_bytes(bytes(len(content)))
    yield "no data", data.unlink
    yield "no manifest", manifest.unlink
    yield "a directory in place of the data", lambda: (data.unlink(), data.mkdir())
    yield "data of another study", lambda: shutil.copy(other.with_suffix(".h5"), data)
    yield "manifest of another study", lambda: shutil.copy(other.with_suffix(".json"), manifest)
    sizes = {"float64": 8, "int64": 8, "uint64": 8, "float32": 4, "int32": 4, "int16": 2}
    arrays = []
    for array in described["arrays"]:
        count = 1
        for n in array["shape"]:
            count *= n
        arrays.append((array["name"], array["offset"], count * sizes[array["type"]]))
    for name, offset, length in arrays[::stride]:
        for _ in range(FLIPS_PER_ARRAY[size]):
            place = offset + random.randrange(length)
            yield f"a bit of {name} at {place}", lambda p=place: flip(data, p)
    # Everything between the arrays: HDF5 metadata and attributes.
    covered, frame = 0, []
    for _, offset, length in sorted(arrays, key=lambda a: a[1]):
        frame += range(covered, offset)
        covered = offset + length
    frame += range(covered, len(content))
    for place in random.sample(frame, 200)[::stride]:
        yield f"a bit of the metadata at {place}", lambda p=place: flip(data, p)
    study_text = content.index(b"[study]")
    seed = content.index(b"seed = 11", study_text)
    yield "a bit of the attribute study", lambda: flip(data, seed + len("seed = 1"), 0)
    for place in random.sample(range(len(text)), 200)[::stride]:
        yield f"a bit of the manifest at {place}", lambda p=place: flip(manifest, p)

    def change(old, new):
        assert text.count(old) == 1, old
        manifest.write_bytes(text.replace(old, new))
    yield "a later version", lambda: change(b'"format_version": 2,', b'"format_version": 3,')
    for key in ("individuals", "blocks", "cells", "record_numbers", "bytes", "days_done", "first_block"):
        old = f'\n  "{key}": {described[key]},'.encode()
        for number in (0, 1, 2**31, 2**63, 2**64 - 1, -1):
            if number != described[key]:
                yield f"{key} = {number}", lambda o=old, k=key, n=number: change(o, f'\n  "{k}": {n},'.encode())


def run(program, size):
    tally, none = Tally("damaged checkpoint"), Tally("all checkpoints damaged")
    random.seed(20251123)
    # Another study, of which a checkpoint of the same day may lie in the wrong place.
    text = study(days=5, individuals=150, keep=4, keep_after_run=True)
    program.use(text.replace("seed = 11", "seed = 12"))
    program.reference(tally)
    others = program.scratch / "others"
    shutil.copytree(program.checkpoints, others)
    program.use(text)
    program.reference(tally)
    for name in os.listdir(program.run_directory):
        if name != "checkpoints":
            (program.run_directory / name).unlink()
    template = program.scratch / "template"
    shutil.copytree(program.run_directory, template)
    names = program.published()
    assert names == [f"day-00000{day}" for day in (1, 2, 3, 4)], names
    # All stay when the next one is published: with it they are the four to be kept, for the damaged one
    # does not count.
    intact = names[:-1]
    newest = program.checkpoints / names[-1]

    def restore():
        program.clear()
        shutil.copytree(template, program.run_directory)

    for number, (case, damage) in enumerate(list(damages(newest, others / names[-1], size))):
        tally.cases += 1
        restore()
        damage()
        before = program.hashes(intact)
        result = program.run(((0, 1), (0, 2))[number % 2] if number % 25 else (2, 1))
        if result.hung:
            tally.fail("hangs", case, result)
        elif result.crashed():
            tally.fail("crashes", case, result)
        elif result.code != 0:
            tally.fail("wrong", f"{case}: no way back to {names[-2]}", result)
        elif result.refused() != [names[-1]] or result.gone_on_from() != names[-2]:
            tally.fail("silent", f"{case}: refused {result.refused()}, went on from {result.gone_on_from()}", result)
        elif program.differing():
            tally.fail("silent", f"{case}: other bytes in {program.differing()}", result)
        if program.hashes(intact) != before:
            tally.fail("lost", f"{case}: intact checkpoints were changed", result)

    def each(action):
        for path in program.checkpoints.iterdir():
            action(path)

    def swap(name):
        for ending in (".h5", ".json"):
            shutil.copy(others / (name + ending), program.checkpoints / (name + ending))

    cases = {
        "all empty": (3, lambda: each(lambda p: p.write_bytes(b""))),
        "all cut": (3, lambda: each(lambda p: p.write_bytes(p.read_bytes()[:5000]))),
        "no manifests": (3, lambda: each(lambda p: p.suffix == ".json" and p.unlink())),
        "a bit of each": (3, lambda: each(lambda p: flip(p, len(p.read_bytes()) // 2))),
        "all of another study": (2, lambda: [swap(name) for name in names]),
        "the newest of another study": (2, lambda: swap(names[-1])),
    }
    for layout in ((0, 1), (2, 2)):
        for case, (code, damage) in cases.items():
            none.cases += 1
            restore()
            damage()
            before = program.hashes()
            result = program.run(layout)
            if result.hung:
                none.fail("hangs", case, result)
            elif result.crashed():
                none.fail("crashes", case, result)
            elif result.code == 0:
                none.fail("silent", case, result)
            elif result.code != code or not (code == 2 or all(name in result.text for name in names)):
                none.fail("wrong", f"{case}: not exit code {code}, or files are not named", result)
            if program.hashes() != before or program.is_finished():
                none.fail("lost", f"{case}: files were changed", result)
