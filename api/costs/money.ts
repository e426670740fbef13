const microsPerUnit = 1_000_000;

/** An amount as a decimal string of two to six digits behind the point: exact, as no binary fraction would be. */
export function decimal(micros: number): string {
  const digits = String(micros % microsPerUnit).padStart(6, '0');
  const cents = digits.slice(0, 2);
  const rest = digits.slice(2).replace(/0+$/, '');
  return `${Math.floor(micros / microsPerUnit)}.${cents}${rest}`;
}
