"""Jupyter's own suite for kernels, with samples in Quiesce."""

import os
import unittest

import jupyter_kernel_test

# Charts as pictures alone: the library, in a display of its own before the first chart, is what the suite would take for the chart.
os.environ["QUIESCE_CHARTS"] = "static"

STUDY = """experiment quick {
  machine: flat_4
  policy: [broadcast_ipi, targeted_ipi]
  mm app { cpus: all }
  walker gup { mm: app, every: 20us, hold: 1us }
  writer thp { mm: app, every: 100us, kind: collapse }
  duration: 1ms, replications: 2
  measure { sync: mean(thp.sync) }
}
run quick
"""


class QuiesceCells(jupyter_kernel_test.KernelTests):
    kernel_name = "quiesce"
    language_name = "typescript"
    file_extension = ".ts"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kc.execute_interactive(STUDY, timeout=120)
        # Warms TypeScript, which some of the suite's questions go to.
        cls.kc.execute_interactive("%%ts\n0", timeout=120)

    # A result is displayed, not printed: standard output belongs to TypeScript cells.
    code_hello_world = "%%ts\nconsole.log('hello, world')"
    code_stderr = "%%ts\nconsole.error('trouble')"
    completion_samples = [
        {"text": "run qui", "matches": {"quick"}},
        {"text": "machine lab from flat_", "matches": {"flat_4"}},
    ]
    complete_code_samples = ["run quick", "let gap = 5us", "machine lab from flat_4 { cores: 2 }"]
    incomplete_code_samples = ["experiment e {", "%%quiesce", "let gap = exp(5us", "policy p from"]
    invalid_code_samples = ["run run }", "machine lab from flat_4 { { }"]
    code_page_something = "flat_4?"
    code_generate_error = "run nothing_of_this_name"
    # What a Quiesce cell shows are displays; the suite asks for results and their history, which are TypeScript's.
    code_execute_result = [
        {"code": "quick.plan.name", "result": "'quick'"},
        {"code": "quick.verdicts.length", "result": "0"},
        {"code": "quick.estimates", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": "table sync by policy of quick", "mime": "application/vnd.dataresource+json"},
        {"code": "plot sync vs policy of quick", "mime": "image/png"},
        {"code": "show flat_4", "mime": "text/html"},
    ]
    code_history_pattern = "quick.p*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "flat_4"
    code_clear_output = "%%ts\nclearOutput()"

    def test_error(self):
        # Diagnostics are displayed with carets and fixes, and the error message says that they are there.
        self.flush_channels()
        reply, output = self.execute_helper(self.code_generate_error)
        self.assertEqual(reply["content"]["status"], "error")
        self.assertEqual([message["msg_type"] for message in output], ["display_data", "error"])
        self.assertIn("text/html", output[0]["content"]["data"])


if __name__ == "__main__":
    unittest.main()
