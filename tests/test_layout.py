"""Every module has its tests where a reader looks for them, or is listed here with the place."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ELSEWHERE = {
    # The faults are tested as a family: a table of situations each, in one file.
    "netprobe/diagnosis/faults": "tests/unit/diagnosis/test_faults.py",
    "netprobe/diagnosis/captures.py": "tests/unit/diagnosis/test_faults.py",
    "netprobe/diagnosis/filters.py": "tests/unit/diagnosis/test_faults.py",
    "netprobe/diagnosis/names.py": "tests/unit/diagnosis/test_faults_names.py",
    "netprobe/diagnosis/egress_rules.py": "tests/unit/diagnosis/test_faults_filters.py",
    "netprobe/diagnosis/admission.py": "tests/unit/diagnosis/test_faults_filters.py",
    "netprobe/diagnosis/ipv4_only.py": "tests/unit/diagnosis/test_faults_families.py",
    "netprobe/diagnosis/hubs.py": "tests/unit/diagnosis/test_faults_joined.py",
    "netprobe/diagnosis/swallowing.py": "tests/unit/diagnosis/test_faults_joined.py",
    "netprobe/diagnosis/inspection.py": "tests/unit/diagnosis/test_faults_firewalls.py",
    "netprobe/diagnosis/routes.py": "tests/unit/diagnosis/test_faults.py",
    "netprobe/diagnosis/ways.py": "tests/unit/diagnosis/test_faults_joined.py",
    "netprobe/diagnosis/services.py": "tests/unit/diagnosis/test_faults.py",
    "netprobe/diagnosis/answers.py": "tests/unit/diagnosis/test_faults_policies.py",
    "netprobe/diagnosis/callers.py": "tests/unit/diagnosis/test_faults_policies.py",
    "netprobe/diagnosis/denials.py": "tests/unit/diagnosis/test_faults_policies.py",
    "netprobe/diagnosis/denial.py": "tests/unit/diagnosis/test_faults_policies.py",
    "netprobe/diagnosis/arns.py": "tests/unit/diagnosis/test_faults_policies.py",
    "netprobe/diagnosis/denied_by_bucket.py": "tests/unit/diagnosis/test_faults_permissions.py",
    "netprobe/diagnosis/denied_by_role.py": "tests/unit/diagnosis/test_faults_permissions.py",
    "netprobe/diagnosis/lifecycle.py": "tests/unit/diagnosis/test_faults_clients.py",
    "netprobe/diagnosis/unsteady.py": "tests/unit/diagnosis/test_faults_clients.py",
    "netprobe/diagnosis/refusing.py": "tests/unit/diagnosis/test_faults_far_end.py",
    "netprobe/diagnosis/handshakes.py": "tests/unit/diagnosis/test_faults_far_end.py",
    "netprobe/diagnosis/prices.py": "tests/unit/diagnosis/test_faults.py",
    "netprobe/diagnosis/fault.py": "tests/unit/diagnosis/test_faults.py",
    "netprobe/diagnosis/case.py": "tests/unit/diagnosis/test_faults.py",
    "netprobe/diagnosis/examine.py": "tests/unit/diagnosis/test_verdict.py",
    "netprobe/diagnosis/clients.py": "tests/unit/diagnosis/test_verdict.py",
    "netprobe/diagnosis/paths.py": "tests/unit/diagnosis/test_verdict.py",
    "netprobe/diagnosis/states.py": "tests/unit/diagnosis/test_verdict.py",
    "netprobe/diagnosis/summary.py": "tests/unit/diagnosis/test_verdict.py",
    # A way out is found by many modules together, and only as a whole it is right or wrong.
    "netprobe/fixes/block.py": "tests/unit/fixes/test_ways_out.py",
    "netprobe/fixes/commands.py": "tests/unit/fixes/test_ways_out.py",
    "netprobe/fixes/endpoints.py": "tests/unit/fixes/test_ways_out.py",
    "netprobe/fixes/goals.py": "tests/unit/fixes/test_ways_out.py",
    "netprobe/fixes/neighbours.py": "tests/unit/fixes/test_mending.py",
    "netprobe/fixes/proposals.py": "tests/unit/fixes/test_mending.py",
    "netprobe/fixes/retrace.py": "tests/unit/fixes/test_ways_out.py",
    "netprobe/fixes/search.py": "tests/unit/fixes/test_ways_out.py",
    "netprobe/fixes/strategies.py": "tests/unit/fixes/test_ways_out.py",
    "netprobe/fixes/titles.py": "tests/unit/fixes/test_ways_out.py",
    "netprobe/fixes/names.py": "tests/unit/fixes/test_repairs.py",
    "netprobe/fixes/creating.py": "tests/unit/fixes/test_apply.py",
    "netprobe/fixes/repairing.py": "tests/unit/fixes/test_repairs.py",
    "netprobe/fixes/repair_commands.py": "tests/unit/fixes/test_repairs.py",
    "netprobe/fixes/fronts.py": "tests/unit/fixes/test_behind.py",
    "netprobe/fixes/policy_documents.py": "tests/unit/fixes/test_policies.py",
    "netprobe/fixes/policy_commands.py": "tests/unit/fixes/test_policies.py",
    "netprobe/model/permissions.py": "tests/unit/fixes/test_policies.py",
    "netprobe/model/change.py": "tests/unit/fixes/test_apply.py",
    "netprobe/model/changes.py": "tests/unit/fixes/test_apply.py",
    "netprobe/model/creations.py": "tests/unit/fixes/test_apply.py",
    "netprobe/model/repairs.py": "tests/unit/fixes/test_repairs.py",
    "netprobe/model/fix.py": "tests/unit/fixes/test_ways_out.py",
    "netprobe/render/error_page.py": "tests/unit/render/test_error_pages.py",
    "netprobe/render/expectation_errors.py": "tests/unit/render/test_error_pages.py",
    "netprobe/render/evidence_errors.py": "tests/unit/render/test_error_pages.py",
    "netprobe/render/lab_errors.py": "tests/unit/render/test_error_pages.py",
    "netprobe/render/expectations_v1.py": "tests/unit/cli/test_expect_run.py",
    "netprobe/model/passage.py": "tests/unit/fixes/test_passages.py",
    "netprobe/render/ways_v1.py": "tests/unit/render/test_json_v1.py",
    "netprobe/aws/pseudonyms.py": "tests/unit/aws/test_redaction.py",
    "netprobe/aws/vocabulary.py": "tests/unit/aws/test_redaction.py",
    "netprobe/aws/archives.py": "tests/unit/aws/test_evidence.py",
    # What talks to AWS is tested against an AWS.
    "netprobe/aws/capabilities.py": "tests/unit/test_api.py",
    "netprobe/aws/cleanup.py": "tests/contract/aws/test_deployer.py",
    "netprobe/aws/known_ids.py": "tests/contract/aws/test_completion.py",
    "netprobe/aws/invoke.py": "tests/contract/aws/test_invoking.py",
    "netprobe/aws/deployer.py": "tests/contract/aws/test_deployer.py",
    "netprobe/aws/removal.py": "tests/contract/aws/test_deployer.py",
    "netprobe/aws/raw.py": "tests/contract/aws/test_describe.py",
    "netprobe/aws/source.py": "tests/contract/aws/test_describe.py",
    "netprobe/aws/convert_apis.py": "tests/unit/aws/test_convert_kinds.py",
    "netprobe/aws/convert_endpoints.py": "tests/unit/aws/test_convert_kinds.py",
    "netprobe/aws/convert_filters.py": "tests/unit/aws/test_convert.py",
    "netprobe/aws/convert_instances.py": "tests/unit/aws/test_convert_kinds.py",
    "netprobe/aws/convert_interconnect.py": "tests/unit/aws/test_convert_kinds.py",
    "netprobe/aws/convert_interfaces.py": "tests/unit/aws/test_convert_kinds.py",
    "netprobe/aws/convert_names.py": "tests/unit/aws/test_convert_kinds.py",
    "netprobe/aws/convert_prefix_lists.py": "tests/unit/aws/test_convert_kinds.py",
    "netprobe/aws/convert_resources.py": "tests/unit/aws/test_convert_kinds.py",
    "netprobe/aws/convert_routes.py": "tests/unit/aws/test_convert_kinds.py",
    "netprobe/aws/convert_transit.py": "tests/unit/aws/test_convert_kinds.py",
    "netprobe/aws/convert_workloads.py": "tests/unit/aws/test_convert_kinds.py",
    "netprobe/aws/convert_zones.py": "tests/unit/aws/test_convert_kinds.py",
    # The lab is tested by what a client and a packet meet in it.
    "netprobe/lab/control": "tests/contract/lab/test_apis.py",
    "netprobe/lab/network": "tests/lab/test_packets.py",
    "netprobe/lab/live": "tests/lab/test_serve.py",
    "netprobe/lab/story.py": "tests/acceptance/test_demo.py",
    # Words and shapes are compared with whole files.
    "netprobe/render/blocks.py": "tests/test_golden.py",
    "netprobe/render/sketch.py": "tests/unit/render/test_topology.py",
    "netprobe/render/flow_v1.py": "tests/unit/render/test_flow_lines.py",
    "netprobe/render/report_v1.py": "tests/unit/render/test_json_v1.py",
    "netprobe/render/generated.py": "tests/test_docs.py",
    "netprobe/aws/standing.py": "tests/acceptance/test_standing_probe.py",
    # The command line is run as a user runs it.
    "netprobe/cli/watch_run.py": "tests/acceptance/test_watch.py",
    "netprobe/cli/check_options.py": "tests/unit/cli/test_app.py",
    "netprobe/cli/check_run.py": "tests/acceptance/test_operational_errors.py",
    "netprobe/cli/completion.py": "tests/contract/aws/test_completion.py",
    "netprobe/cli/completion_run.py": "tests/contract/aws/test_completion.py",
    "netprobe/cli/cleanup_run.py": "tests/acceptance/test_life_of_a_probe.py",
    "netprobe/cli/snapshot_run.py": "tests/acceptance/test_snapshots.py",
    "netprobe/cli/demo_stages.py": "tests/unit/cli/test_demo_run.py",
    "netprobe/cli/lab_run.py": "tests/lab/test_serve.py",
    "netprobe/cli/options.py": "tests/unit/cli/test_app.py",
    "netprobe/cli/commands": "tests/unit/cli/test_app.py",
    "netprobe/__main__.py": "tests/unit/cli/test_app.py",
    "netprobe/errors.py": "tests/unit/cli/test_exits.py",
    "netprobe/workflows/target_urls.py": "tests/unit/workflows/test_targets.py",
    "netprobe/workflows/capabilities.py": "tests/unit/workflows/test_check.py",
    "netprobe/model/gap.py": "tests/unit/aws/test_convert_answers.py",
    "netprobe/model/expectation.py": "tests/unit/diagnosis/test_expectations.py",
    "netprobe/model/path_change.py": "tests/unit/diagnosis/test_path_changes.py",
    "netprobe/model/trace.py": "tests/unit/analysis/test_walk.py",
    "netprobe/model/interconnect.py": "tests/unit/aws/test_convert.py",
    "netprobe/model/workloads.py": "tests/unit/aws/test_convert.py",
    "probe_lambda/__main__.py": "tests/unit/probe_lambda/test_main.py",
}
"""Modules and packages whose tests are not under tests/unit in the same place."""


def modules() -> list[str]:
    """Return every module with code in it."""
    paths = [path for top in ("netprobe", "probe_lambda") for path in (ROOT / top).rglob("*.py")]
    return sorted(
        str(path.relative_to(ROOT))
        for path in paths
        if path.name != "__init__.py" and path.stat().st_size
    )


def place_of_tests(module: str) -> str:
    path = Path(module)
    for place in (path, *path.parents):
        if str(place) in ELSEWHERE:
            return ELSEWHERE[str(place)]
    own = path.relative_to("netprobe") if path.parts[0] == "netprobe" else path
    return str(Path("tests/unit") / own.parent / f"test_{own.name}")


@pytest.mark.parametrize("module", modules())
def test_module_has_tests(module: str) -> None:
    """In the same place, or where the table says."""
    assert (ROOT / place_of_tests(module)).is_file(), place_of_tests(module)


def test_table_lists_nothing_that_is_gone() -> None:
    """Nor anything whose tests are where they belong."""
    for place in ELSEWHERE:
        assert (ROOT / place).exists(), place
        path = Path(place)
        if path.suffix and path.parts[0] == "netprobe":
            own = path.relative_to("netprobe")
            assert not (ROOT / "tests/unit" / own.parent / f"test_{own.name}").exists(), place


def test_no_module_is_too_long_to_read() -> None:
    """Whoever opens a file can take it in."""
    long = {
        path: count
        for path in modules()
        if (count := len((ROOT / path).read_text(encoding="utf-8").splitlines())) > 320
    }

    assert long == {}
