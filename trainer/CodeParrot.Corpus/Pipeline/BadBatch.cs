using CodeParrot.Corpus.Readers;

namespace CodeParrot.Corpus.Pipeline;

/// <summary>A place in the source that could not be read, kept in order with the batches around it.</summary>
internal sealed class BadBatch(BadInput bad) : IReadBatch
{
    public Task<BatchResult> LoadAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new BatchResult { Bad = { bad } });
}
