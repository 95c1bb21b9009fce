namespace CodeParrot.Tokenizer;

/// <summary>Encodes many documents on several threads and gives their ids back in order.</summary>
public static class ParallelEncoder
{
    // A batch is some milliseconds of work: small enough to bound memory, large enough to make scheduling free.
    private const int BatchChars = 1 << 18;
    private const int BatchDocuments = 1 << 10;

    /// <summary>
    /// Encodes documents lazily: at most a few batches (of some 256 K characters) a thread are read ahead. Special
    /// tokens in a document are text unless told otherwise.
    /// </summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="documents">Read on the caller's thread.</param>
    /// <param name="threads">Threads that encode; 1 encodes on the caller's.</param>
    /// <param name="specialTokens">What a special token's spelling means.</param>
    /// <returns>One list of ids for each document, in the documents' order.</returns>
    public static IEnumerable<List<int>> Encode(
        BpeTokenizer tokenizer,
        IEnumerable<string> documents,
        int threads,
        SpecialTokenHandling specialTokens = SpecialTokenHandling.AsText
    )
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return threads == 1
            ? documents.Select(document => Encode(tokenizer, document, specialTokens))
            : EncodeBatches(tokenizer, documents, threads, specialTokens);
    }

    private static List<int> Encode(BpeTokenizer tokenizer, string document, SpecialTokenHandling specialTokens)
    {
        var ids = new List<int>(8 + (document.Length / 3));
        tokenizer.Encode(document, ids, specialTokens);
        return ids;
    }

    private static IEnumerable<List<int>> EncodeBatches(
        BpeTokenizer tokenizer,
        IEnumerable<string> documents,
        int threads,
        SpecialTokenHandling specialTokens
    )
    {
        var running = new Queue<Task<List<int>[]>>();
        foreach (List<string> batch in Batches(documents))
        {
            if (running.Count >= threads)
            {
                foreach (List<int> ids in Result(running.Dequeue()))
                {
                    yield return ids;
                }
            }

            running.Enqueue(Task.Run(() => batch.ConvertAll(text => Encode(tokenizer, text, specialTokens)).ToArray()));
        }

        while (running.TryDequeue(out Task<List<int>[]>? oldest))
        {
            foreach (List<int> ids in Result(oldest))
            {
                yield return ids;
            }
        }
    }

    private static IEnumerable<List<string>> Batches(IEnumerable<string> documents)
    {
        List<string> batch = [];
        int chars = 0;
        foreach (string document in documents)
        {
            batch.Add(document);
            chars += document.Length;
            if (chars >= BatchChars || batch.Count >= BatchDocuments)
            {
                yield return batch;
                batch = [];
                chars = 0;
            }
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    private static List<int>[] Result(Task<List<int>[]> task)
    {
#pragma warning disable VSTHRD002 // An enumerator must block; the task only computes, on the thread pool.
        return task.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }
}
