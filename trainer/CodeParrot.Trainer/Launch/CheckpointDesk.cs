using CodeParrot.Contract.Runtime;

namespace CodeParrot.Trainer.Launch;

/// <summary>
/// Takes requests for a checkpoint at the pod's door, and hands each to rank 0, once. A pod without rank 0 takes none:
/// two ranks with requests of their own could not say whose a checkpoint was.
/// </summary>
/// <param name="tell">Hands a value to rank 0; false where there is none yet, or none any more.</param>
internal sealed class CheckpointDesk(Func<string, bool> tell)
{
    private readonly Lock _lock = new();
    private CheckpointRequest _told = new("", Generation: 0);

    /// <summary>Takes what a question for progress carries; null for nothing.</summary>
    public void Ask(CheckpointRequest? request)
    {
        lock (_lock)
        {
            if (request is null || request.Generation < _told.Generation)
            {
                return;
            }

            // Whoever asks does so until it hears of a checkpoint.
            if (request.Nonce == _told.Nonce || tell(request.Nonce))
            {
                _told = request;
            }
        }
    }
}
