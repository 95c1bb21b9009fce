using CodeParrot.Contract.Spec;

namespace CodeParrot.Contract.Manifest;

/// <summary>Mistakes in <c>spec.corpus</c>.</summary>
internal static class CorpusValidator
{
    public static void Check(CorpusSpec corpus, MistakeList mistakes)
    {
        const string path = "spec.corpus";
        mistakes.Check(
            corpus.Source.Uri.Length > 0,
            path + ".source.uri",
            "must name the source: s3://bucket/prefix, file:///folder or a path"
        );
        mistakes.Check(corpus.Include.Length > 0, path + ".include", "must be a pattern such as *.py");
        CheckFilters(corpus.Filters, mistakes);
        CheckNearDuplicates(corpus.Deduplicate.Near, mistakes);
        for (var i = 0; i < corpus.Decontaminate.Count; i++)
        {
            mistakes.Check(
                corpus.Decontaminate[i].Length > 0,
                $"{path}.decontaminate[{i}]",
                "must name a benchmark: s3://bucket/key, file:///file or a path"
            );
        }

        CheckTokens(corpus, mistakes);
        mistakes.Between(corpus.ValidationFraction, 0, 0.5, path + ".validationFraction");
        mistakes.AtLeast(corpus.MaxBadDocuments, 0, path + ".maxBadDocuments");
        mistakes.AtLeast(corpus.Workers, 1, path + ".workers");
    }

    private static void CheckTokens(CorpusSpec corpus, MistakeList mistakes)
    {
        if (corpus.Source.Format != SourceFormat.Tokens)
        {
            return;
        }

        const string why = "ready-made tokens have no text to look into";
        mistakes.Check(
            !corpus.Deduplicate.Near.Enabled,
            "spec.corpus.deduplicate.near.enabled",
            $"must be false for the source format Tokens: {why}"
        );
        mistakes.Check(
            corpus.Secrets == SecretsPolicy.Keep,
            "spec.corpus.secrets",
            $"must be Keep for the source format Tokens: {why}"
        );
        mistakes.Check(
            corpus.Decontaminate.Count == 0,
            "spec.corpus.decontaminate",
            $"must be empty for the source format Tokens: {why}"
        );
    }

    private static void CheckNearDuplicates(NearDuplicatesSpec near, MistakeList mistakes)
    {
        const string path = "spec.corpus.deduplicate.near";
        mistakes.Between(near.Similarity, 0, 1, path + ".similarity");
        mistakes.Check(
            !near.Enabled || near.Similarity != 0,
            path + ".similarity",
            "must be above 0 where near duplicates are dropped: all documents are alike to that degree"
        );
        mistakes.Between(near.Permutations, 1, 4096, path + ".permutations");
    }

    private static void CheckFilters(FiltersSpec filters, MistakeList mistakes)
    {
        const string path = "spec.corpus.filters";
        mistakes.AtLeast(filters.MinBytes, 0, path + ".minBytes");
        mistakes.Check(
            filters.MaxBytes >= filters.MinBytes,
            path + ".maxBytes",
            $"must be at least minBytes ({filters.MinBytes}), was {filters.MaxBytes}"
        );
        mistakes.AtLeast(filters.MaxLineLength, 1, path + ".maxLineLength");
        mistakes.AtLeast(filters.MaxMeanLineLength, 1, path + ".maxMeanLineLength");
        mistakes.Between(filters.MinAlphanumericFraction, 0, 1, path + ".minAlphanumericFraction");
    }
}
