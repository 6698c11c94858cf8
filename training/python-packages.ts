/** Modules whose package on PyPI bears another name; everything else is taken to be called as it is imported. */
const PACKAGE_OF: Readonly<Record<string, string>> = {
  attr: 'attrs',
  bs4: 'beautifulsoup4',
  cv2: 'opencv-python-headless',
  dateutil: 'python-dateutil',
  dotenv: 'python-dotenv',
  hydra: 'hydra-core',
  Levenshtein: 'python-Levenshtein',
  PIL: 'Pillow',
  pytorch_lightning: 'pytorch-lightning',
  skimage: 'scikit-image',
  sklearn: 'scikit-learn',
  torch_geometric: 'torch-geometric',
  umap: 'umap-learn',
  yaml: 'PyYAML',
};

/** The package to install for an import (`sklearn.svm` → `scikit-learn`). */
export function packageOf(module: string): string {
  const [top = module] = module.split('.');
  return new Map(Object.entries(PACKAGE_OF)).get(top) ?? top;
}
