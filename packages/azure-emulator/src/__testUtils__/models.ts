import path from 'node:path';
import ts from 'typescript';

/** The type declarations of the packages whose models are compared. */
const DECLARATIONS: Record<string, string> = {
  '@azure/arm-authorization': 'types/arm-authorization.d.ts',
  '@azure/arm-containerregistry': 'dist/commonjs/index.d.ts',
  '@azure/arm-keyvault': 'dist/commonjs/index.d.ts',
  '@azure/arm-msi': 'dist/commonjs/index.d.ts',
  '@azure/keyvault-keys': 'dist/commonjs/index.d.ts',
};

export type ModelPackage = keyof typeof DECLARATIONS;

function packageRoot(name: string): string {
  return path.dirname(require.resolve(`${name}/package.json`));
}

let program: ts.Program | undefined;

function parsed(): ts.Program {
  program ??= ts.createProgram(
    Object.entries(DECLARATIONS).map(([name, file]) =>
      path.join(packageRoot(name), file),
    ),
    {
      strict: true,
      skipLibCheck: true,
      noLib: true,
      module: ts.ModuleKind.Node16,
      moduleResolution: ts.ModuleResolutionKind.Node16,
    },
  );
  return program;
}

function modelOf(from: ModelPackage, name: string): ts.Type {
  const checker = parsed().getTypeChecker();
  const file = parsed().getSourceFile(
    path.join(packageRoot(from), DECLARATIONS[from]),
  );
  const module = file && checker.getSymbolAtLocation(file);
  const symbol = module
    ? checker.getExportsOfModule(module).find(found => found.name === name)
    : undefined;
  if (!symbol) throw new Error(`${from} has no model ${name}`);
  return checker.getDeclaredTypeOfSymbol(
    symbol.flags & ts.SymbolFlags.Alias
      ? checker.getAliasedSymbol(symbol)
      : symbol,
  );
}

/** Whether the server must send a property: it is required, or only the server can set it. */
function comesFromServer(property: ts.Symbol): boolean {
  const [declaration] = property.declarations ?? [];
  return (
    !(property.flags & ts.SymbolFlags.Optional) ||
    (declaration !== undefined &&
      (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Readonly) !==
        0)
  );
}

/** The model of the elements of an array or of the values of a map, or the model itself. */
function elementOf(type: ts.Type): ts.Type {
  const checker = parsed().getTypeChecker();
  const whole = checker.getNonNullableType(type);
  if (checker.isArrayType(whole)) {
    return checker.getNonNullableType(
      checker.getTypeArguments(whole as ts.TypeReference)[0],
    );
  }
  return checker.getIndexTypeOfType(whole, ts.IndexKind.String) ?? whole;
}

function valuesIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return [value];
}

const isModel = (type: ts.Type) =>
  Boolean(type.flags & ts.TypeFlags.Object) &&
  type.symbol?.name !== 'Date' &&
  type.getProperties().length > 0;

/**
 * The required and read-only properties of an SDK's model that an answer of the SDK lacks, as
 * `Registry.status`. Looks into nested models wherever the answer has them.
 */
export function missingFields(
  from: ModelPackage,
  name: string,
  answer: unknown,
): string[] {
  return [...new Set(missingIn(modelOf(from, name), name, answer))].sort();
}

function missingIn(type: ts.Type, at: string, answer: unknown): string[] {
  const checker = parsed().getTypeChecker();
  const record = (answer ?? {}) as Record<string, unknown>;
  return checker.getPropertiesOfType(type).flatMap(property => {
    const where = `${at}.${property.name}`;
    const value = record[property.name];
    if (value === undefined || value === null) {
      return comesFromServer(property) ? [where] : [];
    }
    const nested = elementOf(checker.getTypeOfSymbol(property));
    if (!isModel(nested) || typeof value !== 'object') return [];
    const isMap = checker.getIndexTypeOfType(
      checker.getNonNullableType(checker.getTypeOfSymbol(property)),
      ts.IndexKind.String,
    );
    return (isMap ? Object.values(value) : valuesIn(value)).flatMap(entry =>
      missingIn(nested, where, entry),
    );
  });
}
