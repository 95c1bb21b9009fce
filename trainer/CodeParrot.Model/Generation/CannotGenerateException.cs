namespace CodeParrot.Model.Generation;

/// <summary>Somebody asked a model that sees both sides of a token to continue a text.</summary>
public sealed class CannotGenerateException()
    : Exception(
        "this model fills in masked tokens (objective MaskedLm) and cannot continue a text: use a model trained with "
            + "CausalLm or SpanCorruption"
    );
