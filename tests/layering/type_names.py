"""Two types of one name in one namespace, each seen by sources of its own, are no error to compiler
or linker, and which one a template is made for is luck (the one-definition rule, [basic.def.odr]).

  type_names.py ROOT [EXPECTED]

Reads the C++ files of core, parallel, io, app, bench and tests under ROOT and fails if a class, struct,
union or enum outside of unnamed namespaces is defined in two files, unless there are EXPECTED of them.
Instruction-set namespaces (EUSTRESS_ISA) count as named; functions' own types do not count. Relies on
the formatting of the project: namespaces, and the types in them, begin in the first column.
"""

import pathlib
import re
import sys

ROOMS = ("core", "parallel", "io", "app", "bench", "tests")
OPEN = re.compile(r"^(?:inline )?namespace\s*([\w:]*)\s*\{$")
CLOSE = re.compile(r"^\}  // namespace")
TYPE = re.compile(r"^(?:class|struct|union|enum class|enum)\s+(?:\[\[\w+\]\]\s+)?(?:alignas\(.*?\)\s+)?"
                  r"(\w+)(?:\s+final)?(?:\s*\{.*|\s+: .*)?$")


def types(path):
    """Qualified names of the types that the file defines, but those of unnamed namespaces."""
    scopes, text = [], path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(text):
        opened = OPEN.match(line)
        if opened:
            scopes.append(opened.group(1))
        elif CLOSE.match(line):
            scopes.pop()
        else:
            line = line.split("  //")[0]
            found = TYPE.match(line)
            after = text[number + 1] if number + 1 < len(text) else ""
            defines = found and ("{" in line or re.match(r"^\s+: |^\{", after))
            if defines and "" not in scopes:
                yield "::".join([*scopes, found.group(1)])


def main():
    root = pathlib.Path(sys.argv[1])
    expected = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    places, files = {}, 0
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.[ch]pp")):
            if room == "tests" and "violations" in path.relative_to(root).parts:
                continue
            files += 1
            for name in types(path):
                places.setdefault(name, []).append(str(path.relative_to(root)))
    twice = {name: where for name, where in places.items() if len(where) > 1}
    for name, where in sorted(twice.items()):
        print(f"{name} is defined in " + " and ".join(where))
    print(f"{len(places)} types in {files} files, {len(twice)} of one name")
    if not places:
        sys.exit("no types found: is the directory right?")
    sys.exit(0 if len(twice) == expected else 1)


if __name__ == "__main__":
    main()
