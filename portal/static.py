"""How collected style sheets and scripts are kept: compressed, under names that hold a hash of what is in them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class CollectedFiles(CompressedManifestStaticFilesStorage):
    """Also follows the imports of script modules, so that each is asked for under its hashed name.

    A module's name depends on those of the modules it imports: a pass for each step of the longest way, and no circles.
    """

    support_js_module_import_aggregation = True
    max_post_process_passes = 12
