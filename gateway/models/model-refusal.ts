import type { ModelError } from './model-api.ts';

/** The gateway itself says no to a call, in the words of the model's API. */
export class ModelRefusal extends Error implements ModelError {
  override name = 'ModelRefusal';
  readonly status: number;
  readonly kind: ModelError['kind'];

  constructor(status: number, kind: ModelError['kind'], message: string) {
    super(message);
    this.status = status;
    this.kind = kind;
  }
}
