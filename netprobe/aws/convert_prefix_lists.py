"""Prefix lists, whose entries come from other answers than the lists themselves."""

from __future__ import annotations

from netprobe.aws import operations as ops
from netprobe.aws.convert_answers import Answers
from netprobe.aws.convert_resources import convert_prefix_list, convert_service_prefix_list
from netprobe.aws.reading import networks, text
from netprobe.model.resources import PrefixList


def convert_prefix_lists(answers: Answers) -> tuple[PrefixList, ...]:
    """Return the lists; those whose entries were not read say so.

    DescribePrefixLists tells the CIDRs of AWS's own lists, DescribeManagedPrefixLists knows the
    account's lists too but no CIDRs.
    """
    entries = answers.per_subject(
        ops.PREFIX_LIST_ENTRIES, read=lambda items: networks(items, "Cidr")
    )
    service_lists = (
        answers.each(ops.PREFIX_LISTS, convert_service_prefix_list)
        if answers.knows(ops.PREFIX_LISTS)
        else ()
    )
    found = {item.prefix_list_id: item for item in service_lists}
    for item in answers.each(
        ops.MANAGED_PREFIX_LISTS,
        lambda one: convert_prefix_list(one, entries.get(text(one, "PrefixListId"))),
    ):
        if item.entries_read or item.prefix_list_id not in found:
            found[item.prefix_list_id] = item
    for prefix_list_id, items in entries.items():
        if prefix_list_id not in found:
            found[prefix_list_id] = convert_prefix_list({"PrefixListId": prefix_list_id}, items)
    unread = [item.prefix_list_id for item in found.values() if not item.entries_read]
    answers.want(ops.PREFIX_LIST_ENTRIES, unread)
    return tuple(found.values())
