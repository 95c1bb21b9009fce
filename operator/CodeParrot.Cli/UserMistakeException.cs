namespace CodeParrot.Cli;

/// <summary>A mistake on the command line: said in one sentence, without a stack, with exit code 2.</summary>
/// <param name="message">What is wrong and what to do.</param>
internal sealed class UserMistakeException(string message) : Exception(message);
