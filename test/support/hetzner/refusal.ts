/** Hetzner's way of saying no. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function notFound(what: string): Refusal {
  return new Refusal(404, 'not_found', `${what} not found`);
}

export function invalidInput(message: string): Refusal {
  return new Refusal(422, 'invalid_input', message);
}

export function notUnique(what: string): Refusal {
  return new Refusal(409, 'uniqueness_error', `${what} is already used`);
}
