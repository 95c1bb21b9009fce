namespace CodeParrot.Corpus;

/// <summary>Which part of a corpus.</summary>
public enum CorpusSplit
{
    /// <summary>What the model is trained on.</summary>
    Train,

    /// <summary>What is held out to measure it.</summary>
    Validation,
}
