import { makeNamespace, removeNamespace } from "./kubectl";
import { TestStack } from "./stack";

/** The stacks of one test file, in a namespace of its own. */
export interface Stacks {
  /** A stack with that program. */
  make(name: string, program: string): TestStack;
  readonly open: () => Promise<void>;
  /** Destroys all of them: a stack that cannot be destroyed fails the file. */
  readonly close: () => Promise<void>;
}

/** Stacks whose resources go to that namespace. */
export function stacksIn(namespace: string): Stacks {
  const made: TestStack[] = [];
  return {
    make: (name, program) => {
      const stack = new TestStack(name, namespace);
      stack.write(program);
      made.push(stack);
      return stack;
    },
    open: () => makeNamespace(namespace),
    close: async () => {
      await Promise.all(made.map((stack) => stack.close()));
      await removeNamespace(namespace);
    },
  };
}
