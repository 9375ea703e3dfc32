module.exports = require('../../scripts/lib/eslintConfig.cjs')(__dirname);
