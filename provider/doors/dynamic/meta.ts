/** What the constructor of a resource passes on because a dynamic provider is not told: a private input and output. */
export interface Meta {
  /** Of this resource; an alias or a new parent may make it stale, then messages appear on another row. */
  readonly urn: string;
  readonly project: string;
  readonly stack: string;
  /** Logical name in the stack. */
  readonly name: string;
  /** Paths of the inputs whose values are secret: a dynamic provider receives plain values. */
  readonly secrets: readonly string[];
  /** Seconds, from `customTimeouts`. */
  readonly timeouts: Timeouts;
}

export interface Timeouts {
  readonly create?: number;
  readonly update?: number;
  readonly delete?: number;
}
