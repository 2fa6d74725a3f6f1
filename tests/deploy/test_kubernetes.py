"""The manifests: valid, whole, closed to what they do not need, and in agreement with the image and the settings."""

import re
import shutil

import pytest
import yaml

from samplemind_daemon.settings import Settings

VERSIONS = ("1.31", "1.37")  # of Kubernetes


@pytest.fixture
def folder(checkout):
    return checkout / "deploy" / "kubernetes"


@pytest.fixture
def found(folder):
    """Every object, by kind and name."""
    listed = yaml.safe_load((folder / "kustomization.yaml").read_text("utf-8"))["resources"]
    read = [one for name in listed for one in yaml.safe_load_all((folder / name).read_text("utf-8"))]
    return {(one["kind"], one["metadata"]["name"]): one for one in read}


@pytest.fixture
def pods(found):
    """What is said of the pods of daemons and workers."""
    kinds = {"daemon": "StatefulSet", "worker": "Deployment"}
    return {name: found[kind, name]["spec"]["template"]["spec"] for name, kind in kinds.items()}


def test_every_manifest_is_listed(folder):
    listed = yaml.safe_load((folder / "kustomization.yaml").read_text("utf-8"))["resources"]
    assert {*listed, "kustomization.yaml"} == {one.name for one in folder.glob("*.yaml")}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_valid(folder, program, says, version):
    files = [str(one) for one in folder.glob("*.yaml") if one.name != "kustomization.yaml"]
    status, said = says(program("kubernetes-validate"), "--strict", "-k", version, *files)
    assert status == 0, said


if shutil.which("kubectl"):  # where it is not, the two above say nearly as much

    def test_kustomize_puts_them_together(folder, found, says):
        status, said = says("kubectl", "kustomize", str(folder))
        assert status == 0, said
        made = [one for one in yaml.safe_load_all(said) if one]
        assert {(one["kind"], one["metadata"]["name"]) for one in made} == found.keys()
        assert {one["metadata"].get("namespace", "samplemind") for one in made} == {"samplemind"}
        assert len(re.findall(r"image: samplemind:\d+\.\d+\.\d+$", said, re.MULTILINE)) == 4


def test_pods_run_as_the_images_user_and_can_do_nothing_else(pods):
    for pod in pods.values():
        own = pod["securityContext"]
        assert own["runAsNonRoot"] and own["runAsUser"] == own["runAsGroup"] == 10001
        assert own["seccompProfile"] == {"type": "RuntimeDefault"} and not pod["automountServiceAccountToken"]
        for container in [*pod["initContainers"], *pod["containers"]]:
            closed = container["securityContext"]
            assert closed["readOnlyRootFilesystem"] and not closed["allowPrivilegeEscalation"]
            assert closed["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["requests"].keys() == {"cpu", "memory"}
            assert "memory" in container["resources"]["limits"]


def test_no_secret_is_where_workers_of_a_daemon_could_read_it(pods, found):
    [daemon] = pods["daemon"]["containers"]
    assert [mount["name"] for mount in daemon["volumeMounts"]] == ["home"]
    home = next(one["value"] for one in daemon["env"] if one["name"] == "SAMPLEMIND_HOME")
    assert found["ConfigMap", "settings"]["data"]["SAMPLEMIND_SIGNING_KEY"].startswith(f"{home}/")
    variables = {one["secretRef"]["name"] for one in daemon["envFrom"] if "secretRef" in one}
    assert variables == {"daemon", "engine"} and "signing.key" in found["Secret", "signing-key"]["stringData"]


def test_workers_know_the_engine_and_no_other_secret(pods):
    [worker] = pods["worker"]["containers"]
    assert worker["envFrom"] == [{"secretRef": {"name": "engine"}}]
    assert {volume["name"] for volume in pods["worker"]["volumes"]} == {"home"}


def test_every_setting_is_one(found, pods):
    told = {name for (kind, _), one in found.items() if kind in ("ConfigMap", "Secret")
            for name in {**one.get("data", {}), **one.get("stringData", {})}}  # fmt: skip
    told |= {
        one["name"] for pod in pods.values() for container in pod["containers"] for one in container["env"]
    }
    ours = {name.removeprefix("SAMPLEMIND_").lower() for name in told if name.startswith("SAMPLEMIND_")}
    assert ours <= Settings.model_fields.keys()


def test_what_points_at_something_finds_it(found, pods):
    ports = {port["name"] for port in pods["daemon"]["containers"][0]["ports"]}
    for (kind, _), one in found.items():
        if kind == "Service":
            assert {port["targetPort"] for port in one["spec"]["ports"]} <= ports
        if kind == "Ingress":
            for path in one["spec"]["rules"][0]["http"]["paths"]:
                service = path["backend"]["service"]
                assert service["port"]["name"] in {
                    port["name"] for port in found["Service", service["name"]]["spec"]["ports"]
                }
        selector = one["spec"].get("podSelector") or one["spec"].get("selector") if "spec" in one else None
        if selector:
            wanted = selector.get("matchLabels", selector)["app.kubernetes.io/name"]
            assert wanted in pods, (kind, wanted)


def test_daemons_are_probed_by_the_call_that_the_image_has(pods, checkout):
    [daemon] = pods["daemon"]["containers"]
    check = ["python3", "/opt/samplemind/health.py"]
    assert daemon["readinessProbe"]["exec"]["command"] == daemon["startupProbe"]["exec"]["command"] == check
    assert f'CMD ["{check[0]}", "{check[1]}"]' in (checkout / "deploy" / "Dockerfile").read_text("utf-8")
    assert (
        pods["daemon"]["terminationGracePeriodSeconds"]
        >= 30
        <= pods["worker"]["terminationGracePeriodSeconds"]
    )
