"""The compose files: what is reached is the proxy, what is kept is in volumes, what is secret is where it belongs."""

import re

import pytest
import yaml

from samplemind_daemon.settings import Settings

ASKED = re.compile(r"\$\{([A-Z0-9_]+):\?\}")


@pytest.fixture
def folder(checkout):
    return checkout / "deploy" / "compose"


@pytest.fixture
def many(folder):
    """What compose.yaml says, whatever is asked for."""
    return yaml.safe_load((folder / "compose.yaml").read_text("utf-8"))


@pytest.fixture
def one(folder):
    return yaml.safe_load((folder / "one.yaml").read_text("utf-8"))


def test_only_the_proxy_can_be_reached(many):
    services, networks = many["services"], many["networks"]
    assert [name for name, said in services.items() if said.get("ports")] == ["proxy"]
    assert {name for name, said in networks.items() if not (said or {}).get("internal")} == {"edge"}
    assert [name for name, said in services.items() if "edge" in said["networks"]] == ["proxy"]
    assert [name for name, said in services.items() if "data" in said["networks"]] == [
        "daemon-1",
        "daemon-2",
        "postgres",
    ]
    assert "front" not in services["worker"]["networks"]


def test_every_service_comes_back_is_watched_and_is_bounded(many, one):
    for name, said in {**many["services"], "one": one["services"]["daemon"]}.items():
        assert said["restart"] == "unless-stopped", name
        assert said["deploy"]["resources"]["limits"].keys() >= {"memory", "pids"}, name
        is_ours = said["image"].startswith("samplemind:")  # its image has a check of its own
        assert is_ours or said["healthcheck"]["test"][0] == "CMD", name
        assert re.fullmatch(r"[a-z/]+:\d+\.\d+[\w.-]*", said["image"]), (
            f"{name}: {said['image']} names no version"
        )


def test_what_hears_and_remembers_has_no_rights_and_writes_to_its_volume_alone(many, one):
    ours = [
        said
        for said in [*many["services"].values(), *one["services"].values()]
        if "samplemind:" in said["image"]
    ]
    assert len(ours) == 4
    for said in ours:
        assert (
            said["read_only"]
            and said["cap_drop"] == ["ALL"]
            and said["security_opt"] == ["no-new-privileges:true"]
        )
        assert said["stop_grace_period"] == "30s" and said["init"]
        assert any("/var/lib/samplemind" in volume for volume in said["volumes"])


def test_workers_know_the_engine_and_no_other_secret(many):
    worker = many["services"]["worker"]
    assert worker["environment"].keys() == {
        "SAMPLEMIND_ENGINE",
        "SAMPLEMIND_LOG_FORMAT",
        "SAMPLEMIND_WORKERS",
    }
    assert "secrets" not in worker
    for name in ("daemon-1", "daemon-2"):
        key = many["services"][name]["environment"]["SAMPLEMIND_SIGNING_KEY"]
        assert [secret["target"] for secret in many["services"][name]["secrets"]] == [key]
        assert key.startswith("/var/lib/samplemind/")  # in the home, which is closed to workers


def test_every_setting_is_one_and_every_value_that_is_asked_for_is_in_the_example(many, folder):
    told = {name for said in many["services"].values() for name in said.get("environment", {})}
    ours = {name.removeprefix("SAMPLEMIND_").lower() for name in told if name.startswith("SAMPLEMIND_")}
    assert ours <= Settings.model_fields.keys()
    asked = set(ASKED.findall((folder / "compose.yaml").read_text("utf-8")))
    example = (folder / "env.example").read_text("utf-8")
    assert asked == set(re.findall(r"^([A-Z0-9_]+)=", example, re.MULTILINE)) - {"WORKERS"}
    assert not re.search(r"PASSWORD=\S|SECRET=\S", example)


def test_every_file_that_is_mounted_is_there_and_every_volume_has_a_name(many, folder):
    made_by_the_operator = {"certificates", "secrets"}
    for said in many["services"].values():
        for volume in said.get("volumes", []):
            source = volume.partition(":")[0]
            if source.startswith("."):
                assert source.split("/")[1] in made_by_the_operator or (folder / source).is_file(), source
            elif source != "/var/lib/samplemind":
                assert source in many["volumes"], source


def test_its_daemons_are_led_to_as_the_sample_of_nginx_does_it(folder, checkout):
    def plain(text):
        return [
            line for line in text.splitlines() if line and not line.startswith("#") and "server " not in line
        ]

    ours, sample = folder / "daemons.conf", checkout / "deploy" / "nginx" / "daemons.conf"
    assert plain(ours.read_text("utf-8")) == plain(sample.read_text("utf-8"))
    assert re.findall(r"server (\S+) (.*);", ours.read_text("utf-8")) == [
        (f"daemon-{number}:{port}", "max_fails=2 fail_timeout=10s")
        for port in (50051, 50080)
        for number in (1, 2)
    ]


def test_nats_understands_its_file_and_syncs_each_message(folder, program, says, monkeypatch, tmp_path):
    text = (folder / "nats.conf").read_text("utf-8").replace("/data", str(tmp_path))
    (tmp_path / "nats.conf").write_text(text)
    for name in ("NATS_NAME", "NATS_PASSWORD", "NATS_ROUTES_PASSWORD"):
        monkeypatch.setenv(name, '"123"')  # in quotes, as compose.yaml gives them
    status, said = says(program("nats-server"), "-t", "-c", str(tmp_path / "nats.conf"))
    assert status == 0 and "sync_interval: always" in text, said


def test_all_yaml_is_as_yamllint_wants_it(checkout, program, says):
    where = checkout / "deploy"
    status, said = says(
        program("yamllint"), "--strict", "--config-file", str(where / ".yamllint"), str(where)
    )
    assert status == 0, said
