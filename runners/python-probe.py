"""What one start of an interpreter tells about itself: `python -I python-probe.py REQUIREMENTS` prints one JSON object.

The distributions are read from their metadata; nothing that they install is imported. Versions and markers are judged
by `packaging`, the reference implementation (pip carries a copy, and ensurepip carries pip). Without one, only plain
names and plain release numbers are judged, and the rest is left to an installer.

Arguments: the requirements file or '', then, to look at a virtual environment that must not be started, its version
and its site-packages folders. Written for any Python 3, so that an old one can say how old it is.
"""

import glob
import hashlib
import importlib
import json
import os
import platform
import re
import site
import sys
import sysconfig

IN_VENV = sys.prefix != getattr(sys, 'base_prefix', sys.prefix)

INCLUDE = re.compile(r'^(-r|-c|--requirement|--constraint)(?:\s*=\s*|\s*)(.+)$')
FIND_LINKS = re.compile(r'^(-f|--find-links)')
INDEX_OPTION = re.compile(r'^(-i|--(index-url|extra-index-url|no-index))([\s=]|$)')
# Options that say where packages come from: they change nothing about whether installed ones suffice.
SOURCE_OPTION = re.compile(
    r'^(-i|-f|--(index-url|extra-index-url|no-index|find-links|prefer-binary|only-binary|no-binary|pre'
    r'|trusted-host|use-feature|require-hashes))([\s=]|$)'
)
PLAIN_CLAUSE = r'(==|!=|>=|<=|>|<)\s*(\d+(?:\.\d+)*)'
PLAIN_REQUIREMENT = re.compile(
    r'^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*((?:%s\s*(?:,\s*|$))*)$' % PLAIN_CLAUSE
)


class UnreadableRequirements(Exception):
    """The file, or one that it includes, is not there."""


class CannotJudge(Exception):
    """Only an installer knows what this line asks for."""


def main(requirements, version=None, *site_packages):
    answer = {
        'version': version or platform.python_version(),
        'executable': sys.executable,
        'prefix': sys.prefix,
        'basePrefix': getattr(sys, 'base_prefix', sys.prefix),
        'platform': platform.python_implementation() + '-' + sysconfig.get_platform(),
        'externallyManaged': is_externally_managed(),
        'requirements': None,
    }
    if requirements and sys.version_info >= (3, 8):
        paths = list(site_packages) if version else own_paths()
        try:
            answer['requirements'] = check(os.path.abspath(requirements), paths, answer['version'])
        except UnreadableRequirements as error:
            answer['unreadable'] = str(error)
    print(json.dumps(answer))


def is_externally_managed():
    """Whether pip refuses to install into this interpreter (PEP 668)."""
    return not IN_VENV and os.path.exists(os.path.join(sysconfig.get_path('stdlib'), 'EXTERNALLY-MANAGED'))


def own_paths():
    # -I hides the user's own site-packages, which a training sees.
    return sys.path if IN_VENV else sys.path + [site.getusersitepackages()]


def check(path, site_packages, version):
    """What is asked for, what the installed distributions do not satisfy, what nobody can judge, and the files' hash."""
    files, asked, missing, unjudged = {}, [], [], []
    installed, packaging = Installed(site_packages), find_packaging()
    for line, is_constraint in read_requirements(path, files):
        try:
            judged = judge(line, installed, packaging, version)
        except CannotJudge:
            unjudged.append(line)
            continue
        if judged is None:
            continue
        name, have, fits = judged
        # A constraint asks for nothing: it speaks about what is there.
        if not is_constraint:
            asked.append({'requirement': line, 'name': name})
        if not fits and not (is_constraint and have is None):
            missing.append({'requirement': line, 'name': name, 'installed': have})
    return {
        'asked': asked,
        'missing': missing,
        'unjudged': unjudged,
        'namesIndex': any(INDEX_OPTION.match(line) for text in files.values() for line in logical_lines(text)),
        'hash': digest(path, files, unjudged),
    }


def digest(path, files, unjudged):
    sha256 = hashlib.sha256()
    for text in files.values():
        sha256.update(text.encode() + b'\0')
    # Relative paths in the file mean something else beside another file.
    if unjudged or any(FIND_LINKS.match(line) for text in files.values() for line in logical_lines(text)):
        sha256.update(os.path.dirname(path).encode())
    return sha256.hexdigest()


class Installed:
    """The versions of the distributions in some folders. Only what is asked for is read: an environment can be large."""

    def __init__(self, site_packages):
        self.site_packages = site_packages

    def get(self, name):
        from importlib import metadata

        found = metadata.Distribution.discover(name=name, path=self.site_packages)
        if sys.version_info < (3, 10):
            # These look names up without regard to PEP 503.
            found = (
                distribution
                for distribution in metadata.distributions(path=self.site_packages)
                if normalised(distribution.metadata['Name'] or '') == normalised(name)
            )
        # A folder left behind by a broken uninstall has no name. Of two versions the first on the path counts.
        return next((distribution.version for distribution in found if distribution.metadata['Name']), None)


def normalised(name):
    """PEP 503."""
    return re.sub(r'[-_.]+', '-', name).lower()


def read_requirements(path, files, is_constraint=False):
    """Yields (line, is_constraint) of the file and what it includes; `files` receives every text by its path."""
    if path in files:
        return
    try:
        with open(path, encoding='utf-8-sig', errors='replace') as opened:
            files[path] = opened.read()
    except OSError as error:
        raise UnreadableRequirements(str(error))
    for line in logical_lines(files[path]):
        included = INCLUDE.match(line)
        if included and '://' not in included.group(2):
            inner = os.path.abspath(os.path.join(os.path.dirname(path), included.group(2).strip('\'" ')))
            yield from read_requirements(inner, files, is_constraint or 'c' in included.group(1)[:3])
        elif not SOURCE_OPTION.match(line):
            yield line, is_constraint


def logical_lines(text):
    for line in re.sub(r'\\\r?\n', '', text).splitlines():
        line = re.sub(r'(^|\s)#.*$', '', line).strip()
        if line:
            yield line


def judge(line, installed, packaging, version):
    """(name, installed version or None, whether that satisfies the line); None for a line that is not for this Python."""
    if line.startswith('-') or '${' in line:
        raise CannotJudge
    # Options of one requirement (--hash and the like).
    line = re.split(r'\s--?[a-z]', line)[0].strip()
    if packaging is None:
        return judge_plainly(line, installed)
    try:
        requirement = packaging.Requirement(line)
        if requirement.url:
            raise CannotJudge
        environment = {'python_full_version': version, 'python_version': '.'.join(version.split('.')[:2])}
        if requirement.marker is not None and not requirement.marker.evaluate(environment):
            return None
        name, have = normalised(requirement.name), installed.get(requirement.name)
        return name, have, have is not None and requirement.specifier.contains(have, prereleases=True)
    except ValueError:
        # InvalidRequirement (a path, a URL), InvalidVersion, UndefinedEnvironmentName.
        raise CannotJudge


def find_packaging():
    bundled = os.path.join(os.path.dirname(os.__file__), 'ensurepip', '_bundled', 'pip-*.whl')
    for wheel in [None] + glob.glob(bundled) + glob.glob('/usr/share/python-wheels/pip-*.whl'):
        if wheel:
            sys.path.append(wheel)
        for name in ('packaging.requirements', 'pip._vendor.packaging.requirements'):
            try:
                return importlib.import_module(name)
            except ImportError:
                continue
    return None


def judge_plainly(line, installed):
    plain = PLAIN_REQUIREMENT.match(line)
    if not plain:
        raise CannotJudge
    name = normalised(plain.group(1))
    have = installed.get(plain.group(1))
    clauses = re.findall(PLAIN_CLAUSE, plain.group(2))
    return name, have, have is not None and all(holds(have, operator, wanted) for operator, wanted in clauses)


def holds(installed, operator, wanted):
    if not re.match(r'^\d+(\.\d+)*$', installed):
        raise CannotJudge
    have, want = release(installed), release(wanted)
    return {
        '==': have == want,
        '!=': have != want,
        '>=': have >= want,
        '<=': have <= want,
        '>': have > want,
        '<': have < want,
    }[operator]


def release(version):
    """1.2 and 1.2.0 are one release."""
    return [int(number) for number in re.sub(r'(\.0+)+$', '', version).split('.')]


if __name__ == '__main__':
    main(*sys.argv[1:])
