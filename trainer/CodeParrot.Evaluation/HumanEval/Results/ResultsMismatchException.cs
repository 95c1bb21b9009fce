namespace CodeParrot.Evaluation.HumanEval.Results;

/// <summary>A place holds results of other settings, which must not be mixed with these.</summary>
/// <param name="place">The place.</param>
public sealed class ResultsMismatchException(string place)
    : Exception(
        $"{place} holds results of another model, of other problems or settings: name another place, or empty it"
    );
