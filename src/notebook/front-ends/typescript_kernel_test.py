"""Jupyter's own suite for kernels, with samples in TypeScript."""

import unittest

import jupyter_kernel_test


class TypeScriptCells(jupyter_kernel_test.KernelTests):
    kernel_name = "quiesce"
    language_name = "typescript"
    file_extension = ".ts"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The first TypeScript cell waits for the compiler, which a busy machine may take long to warm.
        cls.kc.execute_interactive("0", timeout=120)

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('trouble')"
    completion_samples = [
        {"text": "Math.hyp", "matches": {"hypot"}},
        {"text": "JSON.pars", "matches": {"parse"}},
    ]
    complete_code_samples = ["1", "console.log('x')", "function f(x: number) { return x * 2; }"]
    incomplete_code_samples = ["console.log(`open", "function f(x: number) {", "[1,", "%%ts"]
    invalid_code_samples = ["const = 5", "let 7x", "import 5"]
    code_page_something = "Math.max?"
    code_generate_error = "throw new Error('wanted')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "[1, 2].map((x) => x + 1)", "result": "[ 2, 3 ]"},
        {"code": "await Promise.resolve('later')", "result": "'later'"},
        {
            "code": "import {table} from 'arquero'; table({wait_ns: [1, 2]})",
            "mime": "application/vnd.dataresource+json",
        },
    ]
    code_display_data = [
        {"code": "await show({[Symbol.for('Jupyter.display')]: () => ({'text/html': '<b>x</b>'})})", "mime": "text/html"},
        {"code": "import {display} from 'tslab'; display.html('<i>x</i>')", "mime": "text/html"},
    ]
    code_history_pattern = "6 ? 7*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.max"
    code_clear_output = "clearOutput()"


if __name__ == "__main__":
    unittest.main()
