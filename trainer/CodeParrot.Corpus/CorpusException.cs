namespace CodeParrot.Corpus;

/// <summary>A corpus could not be built or used because of what the user named; the message says what to do.</summary>
public class CorpusException(string message, Exception? cause = null) : Exception(message, cause);
