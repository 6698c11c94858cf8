/** `npm run configs`: writes configs/default.yaml from the schema. A test compares the two. */
import { writeFileSync } from 'node:fs';
import { formatDefaults } from '../dist/configs/format-defaults.js';

writeFileSync(new URL('../configs/default.yaml', import.meta.url), formatDefaults());
