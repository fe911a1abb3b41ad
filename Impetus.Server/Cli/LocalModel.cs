using System.CommandLine;
using Impetus.Engine;
using Impetus.Engine.Backends;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tokenization;
using Impetus.Engine.Weights;
using Impetus.Server.Hosting;
using Impetus.Server.Management;
using Microsoft.Extensions.Logging.Abstractions;

namespace Impetus.Server.Cli;

/// <summary>
/// The options of commands that load a model in their own process, and the loading: by its id or its folder, whichever is there.
/// </summary>
internal sealed class LocalModel
{
    private readonly Option<string?> _model;
    private readonly string? _standard;
    private readonly Option<string?> _home = new("--home") { Description = $"Data directory ({SettingsReader.HomeVariable}).", HelpName = "folder" };
    private readonly Option<string?> _threads = new("--threads") { Description = "Threads of the CPU engine (one for each physical core).", HelpName = "value" };
    private readonly Option<string?> _backend = new("--backend") { Description = "Which engine computes: auto, mlx or cpu (auto).", HelpName = "value" };

    /// <param name="what">The kind of model.</param>
    /// <param name="standard">The one that is meant when none is named; null if one must be.</param>
    public LocalModel(string what, string? standard = null)
    {
        _standard = standard;
        _model = new("--model")
        {
            Description = $"The {what}: an id (org/name) or a folder{(standard is null ? "" : $" ({standard})")}.",
            HelpName = "id|folder",
            Required = standard is null,
        };
    }

    /// <summary>The model that was named, or is meant.</summary>
    public string Name(ParseResult parsed) => parsed.GetValue(_model) ?? _standard!;

    public void AddTo(Command command)
    {
        command.Options.Add(_model);
        command.Options.Add(_home);
        command.Options.Add(_threads);
        command.Options.Add(_backend);
    }

    /// <summary>Loads the model, works with it and unloads it.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="load">Loads it from its folder.</param>
    /// <param name="work">Works with it.</param>
    /// <exception cref="ModelLoadException">It is not here, or cannot be loaded.</exception>
    /// <exception cref="SettingsException">The engine that was asked for cannot be used here.</exception>
    public async Task<TResult> UseAsync<TModel, TResult>(ParseResult parsed, Func<string, InferenceEngine, Task<TModel>> load, Func<TModel, Task<TResult>> work)
        where TModel : IAsyncDisposable
    {
        var settings = SettingsReader.Read(
            name => name switch
            {
                "home" => parsed.GetValue(_home),
                "threads" => parsed.GetValue(_threads),
                "backend" => parsed.GetValue(_backend),
                _ => null,
            },
            Environment.GetEnvironmentVariable);
        string folder = ModelFolders.Of(settings).Resolve(Name(parsed)).Folder;
        await using var host = new EngineHost(settings, NullLogger<EngineThread>.Instance);
        TModel model;
        try
        {
            model = await load(folder, await host.Engine);
        }
        catch (BackendUnavailableException fault)
        {
            throw new SettingsException($"{fault.Message} Use --backend cpu.", fault);
        }
        catch (Exception fault) when (fault is CheckpointException or TokenizerFormatException or NotSupportedException)
        {
            throw new ModelLoadException(fault.Message, fault);
        }

        await using (model)
            return await work(model);
    }
}
