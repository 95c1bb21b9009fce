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
        mistakes.Unsupported(corpus.Deduplicate.Near.Enabled, path + ".deduplicate.near.enabled", "use false");
        mistakes.Unsupported(corpus.Secrets != SecretsPolicy.Keep, path + ".secrets", "use Keep");
        mistakes.Unsupported(corpus.Decontaminate.Count > 0, path + ".decontaminate", "leave it out");
        mistakes.Between(corpus.ValidationFraction, 0, 0.5, path + ".validationFraction");
        mistakes.AtLeast(corpus.MaxBadDocuments, 0, path + ".maxBadDocuments");
        mistakes.AtLeast(corpus.Workers, 1, path + ".workers");
        mistakes.Unsupported(corpus.Workers > 1, path + ".workers", "use 1");
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
