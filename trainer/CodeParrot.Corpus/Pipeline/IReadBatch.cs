namespace CodeParrot.Corpus.Pipeline;

/// <summary>A piece of the source that is loaded and judged as one, on any thread.</summary>
internal interface IReadBatch
{
    Task<BatchResult> LoadAsync(CancellationToken cancellationToken);
}
