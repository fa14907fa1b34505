"""`evaluate demand`: the simulation stands by what the demand page says."""

import json

from recommender import __main__ as command_line


def test_intervals_cover_and_rising_is_rarely_said_falsely(capsys):
    assert command_line.main(["evaluate", "demand", "--json", "--runs", "200"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["coverage"]["value"] >= 0.93
    assert report["false_rising"]["value"] <= 0.05
    assert report["false_direction_among_many"]["value"] <= 0.10
    seen = report["rise_of_40_percent_a_year_seen"]["by"]
    assert seen["5000 a month, share 0.02"] > seen["1000 a month, share 0.02"]


def test_it_can_be_read_without_json_and_repeats_itself(capsys):
    command_line.main(["evaluate", "demand", "--runs", "10"])
    first = capsys.readouterr().out
    command_line.main(["evaluate", "demand", "--runs", "10"])
    assert capsys.readouterr().out == first
    assert "coverage" in first
