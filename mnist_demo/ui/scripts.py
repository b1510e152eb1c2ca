"""The components' scripts: a browser fetches each once, instead of getting it with every change of the data.

Streamlit sends what a component is made of whenever its data are others, which on the first page is after
every stroke: of 51 kB for each, 40 were this.
"""

from __future__ import annotations

import gzip
from hashlib import sha256

LOADER = """const address = new URL("{url}", location.origin);

async function load(failed) {{
  try {{
    return await import(`${{address}}?${{failed}}`); // a browser may remember that an address has failed
  }} catch (error) {{
    if (failed === 5) throw error;
    await new Promise((resume) => setTimeout(resume, 500));
    return load(failed + 1);
  }}
}}

export default (await load(0)).default;
"""
_compressed: dict[str, bytes] = {}


def keep_script(source: str) -> str:
    """Keep the text of a module, to be sent; return the name of its file, another one for another text."""
    script = source.encode()
    name = f"{sha256(script).hexdigest()[:16]}.js"
    _compressed[name] = gzip.compress(script, mtime=0)
    return name


def find_script(name: str) -> bytes | None:
    """Find a kept script, gzipped."""
    return _compressed.get(name)


def loading_script(url: str) -> str:
    """Write the module that a page gets instead: it fetches the script, several times if it must."""
    return LOADER.format(url=url)
