using System.Runtime.CompilerServices;
using System.Text.Json;
using Impetus.Engine.Generation;
using Impetus.Server.Hosting;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>
/// Runs one generation for one HTTP request: it ends when the client leaves or the server must stop, what goes wrong becomes an
/// <see cref="ApiException"/>, and what happened is noted in the request's record. Several may run at once for one request.
/// </summary>
internal sealed class GenerationRun(HttpContext context, IChatModel model)
{
    // Tokens of an answer whose memory must be there before it is begun.
    private const int AtOnce = 256;

    private readonly ModelHost _models = context.RequestServices.GetRequiredService<ModelHost>();
    private readonly ActiveRequests _active = context.RequestServices.GetRequiredService<ActiveRequests>();
    private readonly RequestRecord _record = RequestRecord.Of(context);
    private readonly TimeProvider _time = context.RequestServices.GetRequiredService<TimeProvider>();

    public async IAsyncEnumerable<GenerationEvent> EventsAsync(
        GenerationRequest request, [EnumeratorCancellation] CancellationToken abandon = default)
    {
        lock (_record)
        {
            _record.Model = model.Id;
            _record.PromptTokens += request.Prompt.Count;
        }

        int counted = 0;
        using var room = await _models.AdmitAsync(model.Id, request.Prompt.Count + Math.Min(request.MaxTokens ?? AtOnce, AtOnce), request.Choices);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _active.CutOff, abandon);
        await using var events = Guard(() => model.Generator.GenerateAsync(request, cancel.Token).GetAsyncEnumerator(cancel.Token));
        while (await GuardAsync(events.MoveNextAsync))
        {
            if (events.Current is TextDelta)
                room.Dispose();
            counted = Note(events.Current, counted);
            yield return events.Current;
        }
    }

    /// <summary>Notes a step, so that a request that is cut short is counted too. Returns the tokens of this generation so far.</summary>
    private int Note(GenerationEvent step, int counted)
    {
        int total = step switch
        {
            TextDelta delta => counted + delta.Tokens.Count,
            RequestDone done => done.Usage.CompletionTokens,
            _ => counted,
        };
        lock (_record)
        {
            _record.CompletionTokens += total - counted;
            if (step is TextDelta)
                _record.FirstTokenMilliseconds ??= _time.GetElapsedTime(_record.Arrival).TotalMilliseconds;
            if (step is RequestDone last)
                _record.CachedTokens += last.Usage.CachedTokens;
        }

        return total;
    }

    private static T Guard<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception fault) when (Describe(fault) is { } error)
        {
            throw error;
        }
    }

    private static async ValueTask<T> GuardAsync<T>(Func<ValueTask<T>> step)
    {
        try
        {
            return await step();
        }
        catch (Exception fault) when (Describe(fault) is { } error)
        {
            throw error;
        }
    }

    private static ApiException? Describe(Exception fault) => fault switch
    {
        GenerationException generation => Describe(generation),
        // Of a request's members, which begin with a capital letter; other arguments are our own affair.
        ArgumentException { ParamName: [>= 'A' and <= 'Z', ..] member } argument =>
            Describe(argument, member == nameof(GenerationRequest.Choices) ? "n" : JsonNamingPolicy.SnakeCaseLower.ConvertName(member)),
        _ => null,
    };

    private static ApiException Describe(GenerationException fault) => fault.Fault switch
    {
        GenerationFault.ContextLengthExceeded => ApiException.Invalid(null, fault.Message, "context_length_exceeded"),
        GenerationFault.QueueFull => ApiException.Unavailable(fault.Message, "queue_full", retryAfterSeconds: 1),
        // The cache is as large as it will be: the request will never fit.
        GenerationFault.OutOfMemory => ApiException.Invalid(null, fault.Message, "out_of_memory"),
        GenerationFault.ShuttingDown => ApiException.Unavailable(fault.Message, "shutting_down", retryAfterSeconds: 10),
        _ => new(StatusCodes.Status500InternalServerError, fault.Message, "engine_fault"),
    };

    /// <summary>What the engine says against a member of its request, whose name is the field's.</summary>
    private static ApiException Describe(ArgumentException fault, string field)
    {
        string aside = $" (Parameter '{fault.ParamName}')";
        return ApiException.Invalid(field, fault.Message.Replace(aside, "", StringComparison.Ordinal).Replace(fault.ParamName!, field, StringComparison.Ordinal));
    }
}
