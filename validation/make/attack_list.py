"""What somebody might do, on purpose or by accident, to have a wrong function called right, a right one called wrong, a
file overwritten or a machine exhausted; and the tests or commands that do it. Run by `validation/make/attacks.py`.

The tricks of a candidate that was written to pass are the table in docs/threat-model.md.
"""

from dataclasses import dataclass

PLAIN, ASCII, MASKED, PYTHONS = "here", "ASCII", "other processors", "other Pythons"


@dataclass(frozen=True)
class Attack:
    """`tests` are names of tests, wherever below tests/ they are, of all or of those whose parameters begin so;
    `command` is one of Python, which must exit with 0, and whose words the record repeats where `told`."""

    what: str
    tests: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    told: bool = False


@dataclass(frozen=True)
class Part:
    """Attacks of one kind, and the environments in which they are made."""

    what: str
    attacks: tuple[Attack, ...]
    where: tuple[str, ...] = (PLAIN,)


def _by(what: str, names: str) -> Attack:
    return Attack(what, tuple(names.split()))


REPORTS = (
    _by("a report over Python files, foreign files, links, pipes, folders, devices",
        "test_the_next_word_is_the_module test_what_no_report_is_written_over test_a_device_is_no_file "
        "test_a_report_is_replaced_by_one_of_its_kind test_the_refusal_at_the_end_is_an_error_of_ours"),
    _by("a file that the candidate puts there meanwhile", "test_what_the_candidate_puts_there_meanwhile_stays"),
    _by("a disk that is full, a file that may not grow: the old report stays, no draft is left",
        "test_a_full_disk_leaves_the_old_report_and_no_draft "
        "test_a_file_that_may_not_grow_leaves_the_old_report_and_no_draft test_a_full_disk_is_no_difference"),
    _by("a reader that goes before anything is printed", "test_a_report_is_whole_before_anything_is_printed"),
)

HALF = (
    Attack("the definitions in float16: none is blamed", command=("-m", "refdgm", "check", "--dtype", "float16")),
    Attack("the definitions in bfloat16: none is blamed", command=("-m", "refdgm", "check", "--dtype", "bfloat16")),
    Attack("PyTorch in float16: why what is right does not agree", command=("validation/make/in_half.py", "float16"),
           told=True),
    Attack("PyTorch in bfloat16: why what is right does not agree", command=("validation/make/in_half.py", "bfloat16"),
           told=True),
    _by("right and wrong functions in half precision",
        "test_right_ones_lose_digits_at_most test_wrong_ones_differ test_rounding_is_that_of_bfloat16 "
        "test_rounding_to_low_dtypes"),
    _by("half precision by accident", "test_half_precision_by_accident"),
    _by("questions that have no meaning in half precision", "test_questions_without_meaning_are_not_asked"),
    _by("infinities where a definition overflows, and other numbers there",
        "test_where_the_definition_overflows_an_infinity_is_excused_and_nothing_else"),
    _by("PyTorch in float32 where float64 is asked",
        "test_float32_answers_to_float64_questions_have_a_verdict_of_their_own "
        "test_wrong_ones_in_float32_differ_and_are_not_certified"),
)

VECTORS = (
    _by("answers exchanged, gradients left out, an empty batch, no components, cotangents of zero, integers, no case",
        "test_a_file_that_would_have_a_wrong_function_passed test_no_reference_of_this_name"),
    _by("options: steps of 0, of words, of 2^40; methods and networks that there are not",
        "test_counts_have_bounds test_words_are_those_of_the_declaration test_an_option_that_is_missing"),
    _by("float32 payloads", "test_float32_is_a_dtype_of_the_format"),
    _by("a case in which the mistake hides", "test_a_blind_case_is_told"),
    _by("infinities and NaN for answers", "test_an_infinity_is_one_or_is_not"),
    _by("shapes such as [0, 2^47, 2^47]", "test_a_shape_lies_by_no_axis"),
    _by("what would take hours or gigabytes",
        "test_work_is_estimated_before_it_is_done test_to_judge_has_the_limit_too "
        "test_the_limit_is_of_work_and_ends_with_it test_memory_is_bounded "
        "test_only_regular_files_of_bounded_size_are_opened test_a_pipe_is_refused_and_does_not_block"),
    _by("exit code 5 in one sentence", "test_one_exit_code_and_one_sentence test_a_bad_vector_file"),
    _by("right ones are asked, and certified by their bytes alone", "test_what_is_right_is_asked_and_never_certified"),
    _by("damaged payloads and indices",
        "test_damaged_payloads_are_refused test_damaged_indices_are_refused test_another_payload_is_refused "
        "test_only_references_are_shipped"),
    _by("fuzz",
        "test_a_changed_file_is_refused_or_right test_any_flipped_byte_is_refused_or_changes_a_number "
        "test_any_flipped_byte_of_an_index_is_refused_or_only_changes_words "
        "test_any_bytes_are_refused_or_are_a_file test_any_other_value_anywhere_raises_one_exception_alone "
        "test_any_other_value_in_a_header_raises_one_exception_alone"),
)

PROCESSES = (
    _by("seeds of 2^128, limits of infinity, shapes of 10^10 and of nothing", "test_a_command_without_meaning"),
    _by("terminals of ASCII and latin-1", "test_every_terminal_can_be_told"),
    Attack("the README's first command", command=("-m", "refdgm", "check")),
    _by("functions, modules and backwards of PyTorch",
        "test_torch_functions_modules_and_hand_written_backwards test_a_backward_in_torch "
        "test_a_torch_module_is_called_by_position test_the_framework_that_was_guessed_is_said"),
    _by("standard streams that are closed, full or gone",
        "test_closed_streams_are_no_fault_of_the_candidate test_a_reader_that_is_gone_is_no_difference "
        "test_a_full_disk_is_no_difference"),
    _by("a fault of refdgm itself", "test_a_fault_of_ours_is_no_difference"),
    _by("Ctrl-C", "test_an_interruption_tells_what_is_known"),
    _by("the check ended by TERM, HUP, KILL: the candidate and its children end",
        "test_the_candidate_ends_with_the_check"),
    _by("children that eat the memory", "test_memory_is_that_of_all_its_processes test_a_shared_page_is_counted_once"),
    _by("an answer of 2 GiB is announced",
        "test_a_forged_length_is_refused_before_it_is_read test_messages_travel_and_damaged_ones_are_refused"),
    _by("forged first messages and replies",
        "test_a_forged_first_message_is_an_error_of_the_candidate test_a_reply_is_cleaned_where_it_enters"),
    _by("a leader that is reaped, whose number is another's", "test_a_group_is_signalled_before_its_leader_is_reaped"),
    _by("a judge that takes too long", "test_a_judge_that_takes_too_long_says_so"),
    _by("bytecode of another text",
        "test_bytecode_of_another_text_is_not_believed test_no_bytecode_is_left_beside_the_file"),
)

PROCESSOR = (
    _by("the certified numbers", "test_float64_agrees"),
    Attack("every figure of accuracy, against those of all levels that were measured",
           command=("validation/make/accuracy.py", "--check")),
    _by("the definitions, our own bodies, and candidates in PyTorch agree",
        "test_the_embedded_definitions_agree test_torch_candidates_agree "
        "test_our_own_references_agree_and_lose_no_digits"),
    _by("wrong ones differ", "test_a_wrong_one_differs test_wrong_numbers_differ"),
    _by("the guards against over- and underflow", "test_kernel"),
    _by("numbers at the ends of the range", "test_row[far"),
)

CALLS = (
    _by("wrt=3 and others that name nothing", "test_wrt_that_names_nothing"),
    _by("sparse tensors, numbers that torch traces",
        "test_sparse_tensors_are_refused_also_where_dense_ones_were_taken "
        "test_a_number_that_torch_traces_is_read_without_a_warning"),
    _by("results of several outputs that are pickled and copied", "test_a_result_of_several_outputs_travels"),
    _by("±1e300, ±1e200, 1e-200, denormals: no NaN without a reason, none in silence", "test_row[far"),
    _by("refdgm.testing.check without autograd", "test_check_without_autograd_has_one_sentence"),
    _by("declarations without meaning are errors of refdgm",
        "test_what_is_declared_without_meaning_is_an_error_of_ours test_declarations_without_meaning_are_refused"),
    _by('"gradients": []', "test_gradients_that_were_not_compared_are_told"),
    _by("words of the command and of check that say nothing",
        "test_other_words_of_check test_sizes_that_say_nothing test_shapes_that_say_nothing "
        "test_an_unknown_name_gets_a_suggestion"),
    _by("arrays changed in place", "test_inputs_changed_in_place test_cotangents_changed_in_place"),
)

SURROGATES = (
    _by("a surrogate of another value with the right slopes",
        "test_a_surrogate_is_the_value_where_nothing_moves test_a_wrong_one_is_seen"),
)

CONVENTIONS = (
    _by("a convention that is not declared",
        "test_an_undeclared_convention_passes_with_an_outcome_of_its_own "
        "test_strict_fails_it_by_the_same_outcome test_declared_it_is_plain_agreement test_outcomes"),
    _by("functions of PyTorch that follow another one", "test_torch_is_not_called_wrong test_in_torch"),
    _by("gradients that PyTorch has no path to, or that nobody asked for",
        "test_zero_where_it_is_right test_zero_where_it_is_wrong test_nothing_at_all "
        "test_no_path_to_a_hyper_parameter test_a_wrong_gradient_of_a_hyper_parameter"),
)

WHOLE = (
    Attack("the README's first command", command=("-m", "refdgm", "check")),
    _by("calls, refusals, the README",
        "test_wrt_that_names_nothing test_a_result_of_several_outputs_travels test_one_sentence test_cotangents "
        "test_doors_agree_with_the_body test_the_usage_runs_as_it_stands test_names_in_the_readme_exist"),
    _by("reports and processes",
        "test_what_no_report_is_written_over test_a_report_is_whole_before_anything_is_printed "
        "test_the_candidate_ends_with_the_check test_an_interruption_tells_what_is_known "
        "test_closed_streams_are_no_fault_of_the_candidate test_a_command_without_meaning"),
    _by("files of cases", "test_a_file_that_would_have_a_wrong_function_passed"),
    _by("a candidate written to pass",
        "test_a_table_of_the_shipped_answers test_who_calls_refdgm_is_told_and_refused "
        "test_the_memory_of_the_judge_its_pipes_and_its_secrets"),
)

PARTS = {
    "reports": Part("Nothing of the user's is overwritten", REPORTS, (PLAIN, ASCII)),
    "half": Part("Half precision", HALF),
    "vectors": Part("A file of cases is not believed", VECTORS, (PLAIN, ASCII)),
    "processes": Part("Exit codes and processes", PROCESSES, (PLAIN, ASCII)),
    "processor": Part("Another processor", PROCESSOR, (MASKED,)),
    "calls": Part("Calls that somebody makes sooner or later", CALLS, (PLAIN, ASCII)),
    "surrogates": Part("Surrogates are tied to values", SURROGATES),
    "conventions": Part("Conventions that are not declared", CONVENTIONS, (PLAIN, ASCII)),
    "tricks": Part("A candidate that was written to pass", (), (PLAIN, ASCII)),  # those of docs/threat-model.md
    "pythons": Part("Other Pythons, in a fresh environment", WHOLE, (PYTHONS,)),
}
