#!/usr/bin/env python3
"""What arms and observation cost a study, and how long a large cohort takes to be made: runs one after
the other in every round, in turns. Prints Markdown.

    bench/study_cost.py build/release/bin/eustress [--individuals 1000000] [--rounds 3] [--threads 2]

  arms         a study of five arms against five times the same study with one arm
  observation  daily series, weekly questionnaires and all outcomes against a run that looks at
               people on its last day only
  synthesis    individuals from the 2,000 rows of the SAPA cohort, with missing values: all that a run
               of one day takes, and so at most what synthesis takes
"""

import pathlib
import tempfile

import timed_run
from timed_run import in_turn, print_row

STUDY = """[study]
name = "cost"
days = {days}
[population]
individuals = {individuals}
[checkpoint]
active = false
"""
# What the arms do differs; each acts on everybody or a part of the people from the second day on.
ARMS = """
[[arm]]
name = "coping"
[[arm]]
name = "support"
[[arm]]
name = "exercise"
[[arm]]
name = "self_control"
[[intervention]]
name = "coping"
kind = "coping_training"
arms = ["coping"]
start_day = 1
end_day = 7
[[intervention]]
name = "support"
kind = "social_support"
arms = ["support"]
start_day = 1
end_day = 7
[[intervention]]
name = "exercise"
kind = "exercise"
arms = ["exercise"]
start_day = 1
end_day = 7
target = "fraction"
fraction = 0.5
[[intervention]]
name = "self_control"
kind = "self_control_training"
arms = ["self_control"]
start_day = 1
end_day = 7
"""
UNSEEN = ["output.series_every_days=28", "output.questionnaire_every_days=28"]
SAPA = pathlib.Path(__file__).resolve().parent.parent / "jobs/studies/sapa-million.toml"


def main():
    arguments = timed_run.arguments_of(__doc__, individuals=1_000_000, rounds=3)
    with tempfile.TemporaryDirectory(prefix="study-cost-", dir=arguments.directory) as scratch:
        scratch = pathlib.Path(scratch)

        def study(name, days, individuals, arms=""):
            file = scratch / f"{name}.toml"
            file.write_text(STUDY.format(days=days, individuals=individuals) + arms)
            return file

        single = study("single", 7, arguments.individuals)
        arms = study("arms", 7, arguments.individuals, ARMS)
        seen = study("seen", 28, max(1, arguments.individuals // 4))

        def seconds(file, settings=()):
            return timed_run.run(arguments.program, file, scratch / "run", arguments.threads, settings)[0]

        with_arms, with_observation, synthesis = [], [], []
        for number in range(arguments.rounds):
            with_arms.append(in_turn(number, lambda: seconds(single), lambda: seconds(arms)))
            with_observation.append(in_turn(number, lambda: seconds(seen, UNSEEN), lambda: seconds(seen)))
            synthesis.append(in_turn(
                number, lambda: seconds(single, ["study.days=1"]),
                lambda: seconds(SAPA, ["study.days=1", "checkpoint.active=false",
                                       f"population.individuals={arguments.individuals}"])))

    print(f"{arguments.individuals} individuals, {arguments.threads} threads\n")
    print("| | median | rounds |\n|---|---|---|")
    print_row("a week, one arm, s", [one for one, _ in with_arms])
    print_row("the same, five arms, s", [five for _, five in with_arms])
    print_row("five arms / (5 x one arm)", [five / (5.0 * one) for one, five in with_arms], 3)
    print_row("four weeks of a quarter of them, seen on the last day only, s", [off for off, _ in with_observation])
    print_row("the same, seen daily, s", [on for _, on in with_observation])
    print_row("seen daily / on the last day", [on / off for off, on in with_observation], 3)
    print_row("a day without a table, s", [plain for plain, _ in synthesis])
    print_row("a day of a cohort from 2,000 rows with missing values, s", [table for _, table in synthesis])


if __name__ == "__main__":
    main()
