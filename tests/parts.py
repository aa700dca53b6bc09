"""`--part=1/2`: one of several runs that together hold every test, each file in one of them."""

from collections import Counter


def pytest_addoption(parser):
    parser.addoption("--part", metavar="N/COUNT", help="run the tests of the N-th of COUNT parts")


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--part"):
        return
    number, count = map(int, config.getoption("--part").split("/"))
    part_of, sizes = {}, [0] * count
    # The files with most tests first, each to the part that has fewest: parts of like length.
    for path, size in sorted(
        Counter(str(item.path) for item in items).items(), key=lambda file: (-file[1], file[0])
    ):
        part_of[path] = sizes.index(min(sizes))
        sizes[part_of[path]] += size
    chosen = [item for item in items if part_of[str(item.path)] == number - 1]
    config.hook.pytest_deselected(items=[item for item in items if part_of[str(item.path)] != number - 1])
    items[:] = chosen
