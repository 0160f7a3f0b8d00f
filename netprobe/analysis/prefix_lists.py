"""What is in a managed prefix list, or the call that would say."""

from __future__ import annotations

from netprobe.model.addresses import Network
from netprobe.model.snapshot import Snapshot

READ_PREFIX_LISTS = "ec2:DescribeManagedPrefixLists"
READ_PREFIX_LIST_ENTRIES = "ec2:GetManagedPrefixListEntries"


def expand_prefix_list(snapshot: Snapshot, prefix_list_id: str) -> tuple[Network, ...] | str:
    """Return the CIDRs of a prefix list, or the call without which they are not known.

    A list that another account shares may be described without its entries:
    https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html
    """
    found = snapshot.prefix_list(prefix_list_id)
    if found is None:
        missing = snapshot.gap(READ_PREFIX_LISTS)
        return READ_PREFIX_LISTS if missing else READ_PREFIX_LIST_ENTRIES
    return found.cidrs if found.entries_read else READ_PREFIX_LIST_ENTRIES
