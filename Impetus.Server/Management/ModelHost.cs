using System.Diagnostics;
using Impetus.Server.Hosting;
using Impetus.Server.Http;

namespace Impetus.Server.Management;

/// <summary>Owns the loaded models. The chat model of the settings is loaded while the server already answers. Thread safe.</summary>
public sealed class ModelHost : BackgroundService, IAsyncDisposable
{
    private readonly ServerSettings _settings;
    private readonly IModelLoader _loader;
    private readonly ILogger<ModelHost> _log;
    private readonly TaskCompletionSource<IChatModel> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IReadOnlyList<IChatModel> _models = [];
    private volatile IReadOnlyList<ResidentModel> _resident = [];

    /// <summary>Waits to be started by the host.</summary>
    public ModelHost(ServerSettings settings, IModelLoader loader, ILogger<ModelHost> log) =>
        (_settings, _loader, _log) = (settings, loader, log);

    /// <summary>The models that can answer now.</summary>
    public IReadOnlyList<IChatModel> Models => _models;

    /// <summary>All models that are in memory, on their way there, or failed on it.</summary>
    public IReadOnlyList<ResidentModel> Resident => _resident;

    /// <summary>A model came into memory, went out of it, or is a percent further on its way. Raised on any thread.</summary>
    public event Action<ResidentModel>? Changed;

    /// <summary>Completes when the chat model of the settings can answer; fails with <see cref="ModelLoadException"/>.</summary>
    public Task<IChatModel> Loaded => _loaded.Task;

    /// <summary>The model of an id.</summary>
    /// <exception cref="ApiException">It is not there (404), or not yet (503).</exception>
    public IChatModel Find(string id)
    {
        foreach (var model in _models)
        {
            if (model.Id.Equals(id, StringComparison.Ordinal))
                return model;
        }

        if (!Loaded.IsCompleted)
            throw ApiException.Unavailable($"The model {_settings.Model} is still being loaded.", "model_loading", retryAfterSeconds: 1);
        string others = _models.Count == 0 ? "No model is loaded." : $"There is: {string.Join(", ", _models.Select(m => m.Id))}.";
        throw new ApiException(
            StatusCodes.Status404NotFound, $"The chat model '{id}' does not exist here. {others}", "model_not_found", "model");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var model in Interlocked.Exchange(ref _models, []))
            await model.DisposeAsync();
        Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        Tell(new(_settings.Model, ModelKind.Chat, ResidentState.Loading));
        try
        {
            long start = Stopwatch.GetTimestamp();
            var model = await _loader.LoadAsync(_settings.Model, stoppingToken);
            _models = [model];
            Tell(new(model.Id, ModelKind.Chat, ResidentState.Ready) { Bytes = model.Description.SizeBytes, TotalBytes = model.Description.SizeBytes });
            _log.LogInformation(
                "Model {Model} is loaded, after {Milliseconds:0} ms", model.Id, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            _loaded.SetResult(model);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            _loaded.SetCanceled(stoppingToken);
        }
        catch (Exception fault)
        {
            _log.LogError(fault, "Model {Model} cannot be loaded", _settings.Model);
            Tell(new(_settings.Model, ModelKind.Chat, ResidentState.Failed) { Fault = fault.Message });
            _loaded.SetException(fault as ModelLoadException
                ?? new ModelLoadException($"The model {_settings.Model} cannot be loaded: {fault.Message}", fault));
        }
    }

    private void Tell(ResidentModel model)
    {
        _resident = [model];
        Changed?.Invoke(model);
    }
}
