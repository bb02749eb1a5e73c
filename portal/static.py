"""How collected style sheets and scripts are kept: compressed, under names that hold a hash of what is in them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

#: As our own modules write them, at the beginning of a line. Others' scripts are left as they are: some name files that they
#: do not bring, which Django's own ``support_js_module_import_aggregation`` takes for an error.
IMPORTS = (
    (r"""(?m)^(?P<matched>import "(?P<url>\./[^"]+)";)""", 'import "%(url)s";'),
    (r"""(?m)^(?P<matched>(?P<names>(?:import|export) \{?[^;"'}]+\}?) from "(?P<url>\./[^"]+)";)""", '%(names)s from "%(url)s";'),
)


class CollectedFiles(CompressedManifestStaticFilesStorage):
    """Also follows the imports of script modules, so that each is asked for under its hashed name.

    A module's name depends on those of the modules it imports: a pass for each step of the longest way, and no circles.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", IMPORTS))
    max_post_process_passes = 12
