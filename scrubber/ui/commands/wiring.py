"""What the panes ask for, and which verb does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.ui.inspector.notes_page import NotesPage

if TYPE_CHECKING:
    from scrubber.ui.commands.table import Commands
    from scrubber.ui.panes import Panes


def connect(panes: Panes, commands: Commands) -> None:
    """Connect the signals of the panes to the verbs of the window."""
    panes.library.forked.connect(commands.sessions.on_forked)
    panes.tree.menu_wanted.connect(commands.sessions.show_session_menu)
    panes.header.parent_wanted.connect(commands.views.open_parent)
    panes.player.playing_changed.connect(commands.views.on_playing)
    panes.transcript.fork_requested.connect(commands.sessions.fork_after)
    panes.transcript.edit_requested.connect(commands.editing.edit_event)
    panes.transcript.subagent_activated.connect(commands.views.open_subagent)
    panes.transcript.copy_raw_requested.connect(commands.views.copy_raw)
    panes.inspector.reveal_requested.connect(commands.sessions.reveal_file)
    panes.find_bar.match_activated.connect(commands.views.show_match)
    panes.tree.selection_changed.connect(commands.comparing.on_selection)
    panes.compare.model.shown.connect(lambda _made: commands.comparing.on_compared())
    panes.compare.event_activated.connect(commands.comparing.open_event)
    panes.compare.event_pointed.connect(commands.comparing.point_at)
    panes.composer.fork_wanted.connect(commands.running.fork_to_continue)
    panes.composer.siblings_wanted.connect(commands.running.siblings)
    panes.composer.policy_wanted.connect(commands.running.edit_policy)
    panes.composer.models_wanted.connect(commands.running.show_models)
    panes.composer.system_wanted.connect(commands.editing.edit_system)
    panes.composer.notes_wanted.connect(commands.running.show_notes)
    page = panes.inspector.page(NotesPage)
    page.written.connect(panes.notes.write)
    page.bookmark_wanted.connect(commands.noting.toggle_bookmark)
    page.labels_wanted.connect(commands.noting.label_event)
    page.removal_wanted.connect(panes.notes.remove)
    panes.welcome.import_wanted.connect(commands.importing.import_files)
    panes.welcome.folder_wanted.connect(commands.importing.import_folder)
    panes.welcome.sample_wanted.connect(commands.importing.import_sample)
    panes.welcome.found_wanted.connect(commands.importing.import_found)
