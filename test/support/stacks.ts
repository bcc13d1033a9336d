import { makeNamespace, removeNamespace } from "./kubectl";
import { TestStack, type Whereabouts } from "./stack";

/** The stacks of one test file, in a namespace of its own. */
export interface Stacks {
  /** A stack with that program. */
  make(name: string, program: string): TestStack;
  /** A stack with the program of an example. */
  example(name: string): TestStack;
  /** A stack whose program finds the packages of that folder, or that has a door of its own. */
  makeAt(whereabouts: Whereabouts, name: string, program: string): TestStack;
  readonly open: () => Promise<void>;
  /** Destroys all of them: a stack that cannot be destroyed fails the file. */
  readonly close: () => Promise<void>;
}

/** Stacks whose resources go to that namespace. */
export function stacksIn(namespace: string, usual: Whereabouts = {}): Stacks {
  const made: TestStack[] = [];
  const keep = (stack: TestStack): TestStack => {
    made.push(stack);
    return stack;
  };
  const makeAt: Stacks["makeAt"] = (whereabouts, name, program) => {
    const stack = keep(new TestStack(name, namespace, { ...usual, ...whereabouts }));
    stack.write(program);
    return stack;
  };
  return {
    makeAt,
    make: (name, program) => makeAt({}, name, program),
    example: (name) => {
      const stack = keep(new TestStack(name, namespace, usual));
      stack.copyExample(name);
      return stack;
    },
    open: () => makeNamespace(namespace),
    close: async () => {
      await Promise.all(made.map((stack) => stack.close()));
      await removeNamespace(namespace);
    },
  };
}
