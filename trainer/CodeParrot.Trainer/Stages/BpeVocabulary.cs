namespace CodeParrot.Trainer.Stages;

/// <summary>Bounds of a vocabulary.</summary>
internal static class BpeVocabulary
{
    /// <summary>Ids of ready-made tokens are below this when only the model's folder knows its vocabulary.</summary>
    public const int Largest = 65536;
}
