"""What can be practised: problems, concepts and topics, read from content/ into values that never change."""

from bot.catalogue.loading import Catalogue, content_folder, load

__all__ = ["Catalogue", "content_folder", "load"]
