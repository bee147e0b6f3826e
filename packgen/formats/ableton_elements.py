"""The elements of an Ableton Live 11 drum rack, with Live's own values where a pack has none."""

# Structure and default values follow the templates of abletondrumrack 1.0.2, used under its licence:
#
#   MIT License. Copyright (c) 2021 danikavu
#
#   Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
#   documentation files (the "Software"), to deal in the Software without restriction, including without
#   limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the
#   Software, and to permit persons to whom the Software is furnished to do so, subject to the following
#   conditions: The above copyright notice and this permission notice shall be included in all copies or
#   substantial portions of the Software.
#
#   THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED
#   TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL
#   THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF
#   CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER
#   DEALINGS IN THE SOFTWARE.

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable

Scalar = str | int | float | bool
Elements = list[ET.Element]


def rack() -> Elements:
    """Children of a rack: a device without a pad, and the list that pads go to, ``BranchPresets``."""
    return [
        *_values(OverwriteProtectionNumber=2816),
        _element("Device", _drum_group()),
        _default_preset("DrumGroupDevice"),
        _element("BranchPresets"),
        _element("ReturnBranchPresets"),
    ]


def pad(title: str, velocity_scale: str, color: int, receiving_note: int, choke: int) -> Elements:
    """Children of a pad: a Simpler without a sample, whose samples go to ``SampleParts``, and its mixer."""
    return [
        *_values(Name=title, IsSoloed=False),
        _element(
            "DevicePresets",
            _item(
                "AbletonDevicePreset",
                *_values(OverwriteProtectionNumber=2816),
                _element("Device", _simpler(velocity_scale)),
                _default_preset("OriginalSimpler"),
            ),
        ),
        _mixer(),
        _element("BranchSelectorRange", *_values(Min=0, Max=0, CrossfadeMin=0, CrossfadeMax=0)),
        *_values(SessionViewBranchWidth=55, DocumentColorIndex=color, AutoColored=True, AutoColorScheme=0),
        _element("SourceContext"),
        _element("ZoneSettings", *_values(ReceivingNote=receiving_note, SendingNote=60, ChokeGroup=choke)),
    ]


def sample(name: str, path: str, low: int, high: int, frames: int, rate: int, size: int) -> Elements:
    """Children of a sample of a Simpler: one layer's, which plays whole."""
    end = frames - 1
    return [
        *_values(LomId=0, Name=name, Selection=True, IsActive=True, Solo=False),
        _element("KeyRange", *_values(Min=0, Max=127, CrossfadeMin=0, CrossfadeMax=127)),
        _element("VelocityRange", *_values(Min=low, Max=high, CrossfadeMin=low, CrossfadeMax=high)),
        _element("SelectorRange", *_values(Min=0, Max=127, CrossfadeMin=0, CrossfadeMax=127)),
        *_values(
            RootKey=60,
            Detune=0,
            TuneScale=100,
            Panorama=0,
            Volume=1,
            Link=False,
            SampleStart=0,
            SampleEnd=end,
        ),
        _element("SustainLoop", *_values(Start=0, End=end, Mode=0, Crossfade=0, Detune=0)),
        _element("ReleaseLoop", *_values(Start=0, End=end, Mode=3, Crossfade=0, Detune=0)),
        _sample_file(path, frames, rate, size),
        *_values(SlicingThreshold=100, SlicingBeatGrid=4, SlicingRegions=8, SlicingStyle=0),
        _warping(),
        _element("SlicePoints"),
        _element("ManualSlicePoints"),
        _element("BeatSlicePoints"),
        _element("RegionSlicePoints"),
        *_values(UseDynamicBeatSlices=True, UseDynamicRegionSlices=True),
    ]


def _drum_group() -> ET.Element:
    return _item(
        "DrumGroupDevice",
        *_device(),
        _element("Branches"),
        *_values(
            IsBranchesListVisible=False,
            IsReturnBranchesListVisible=False,
            IsRangesEditorVisible=False,
            AreDevicesVisible=True,
            NumVisibleMacroControls=8,
        ),
        *_numbered(16, _knob, "MacroControls", 0, 0, 127),
        *_numbered(16, _value, "MacroDisplayNames", "Macro"),
        *_numbered(16, _value, "MacroDefaults", 0),
        *_numbered(16, _value, "MacroAnnotations", ""),
        *_numbered(16, _value, "ForceDisplayGenericValue", False),
        *_values(AreMacroControlsVisible=False, IsAutoSelectEnabled=True),
        _knob("ChainSelector", 0, 0, 127),
        *_values(ChainSelectorRelativePosition=-1073741824, ViewsToRestoreWhenUnfolding=0),
        _element("ReturnBranches"),
        *_values(BranchesSplitterProportion=0.5, ShowBranchesInSessionMixer=False),
        *_numbered(16, _value, "MacroColor", -1),
        *_values(LockId=0, LockSeal=0),
        _element("ChainsListWrapper", LomId=0),
        _element("ReturnChainsListWrapper", LomId=0),
        _element("MacroVariations", _element("MacroSnapshots")),
        *_numbered(16, _value, "ExcludeMacroFromRandomization", False),
        *_numbered(16, _value, "ExcludeMacroFromSnapshots", False),
        *_values(
            AreMacroVariationsControlsVisible=False,
            ChainSelectorFilterMidiCtrl=False,
            RangeTypeIndex=1,
            ShowsZonesInsteadOfNoteNames=True,
            IsMidiSectionVisible=False,
            AreSendsVisible=False,
            ArePadsVisible=True,
            PadScrollPosition=19,
        ),
        _element("DrumPadsListWrapper", LomId=0),
        _element("VisibleDrumPadsListWrapper", LomId=0),
    )


def _player() -> ET.Element:
    return _element(
        "Player",
        _element(
            "MultiSampleMap",
            _element("SampleParts"),
            *_values(LoadInRam=False, LayerCrossfade=0),
            _element("SourceContext"),
        ),
        _element(
            "LoopModulators",
            *_values(IsModulated=True),
            _knob("SampleStart", 0, 0, 1),
            _knob("SampleLength", 1, 0, 1),
            _switch("LoopOn", False),
            _knob("LoopLength", 1, 0, 1),
            _knob("LoopFade", 0, 0, 1),
        ),
        _switch("Reverse", False),
        _switch("Snap", False),
        _knob("SampleSelector", 0, 0, 127),
        _element("SubOsc", *_off()),
        *_values(InterpolationMode=2, UseConstPowCrossfade=True),
    )


def _pitch() -> ET.Element:
    return _element(
        "Pitch",
        _knob("TransposeKey", 0, -48, 48),
        _knob("TransposeFine", 0, -50, 50),
        _knob("PitchLfoAmount", 0, 0, 1),
        _element("Envelope", *_off()),
        *_values(ScrollPosition=-1073741824),
    )


def _volume(velocity_scale: str) -> ET.Element:
    return _element(
        "VolumeAndPan",
        _knob("Volume", -12, -36, 36),
        _knob("VolumeVelScale", velocity_scale, 0, 1),
        _knob("VolumeKeyScale", 0, -1, 1),
        _knob("VolumeLfoAmount", 0, 0, 1),
        _knob("Panorama", 0, -1, 1),
        _knob("PanoramaKeyScale", 0, -1, 1),
        _knob("PanoramaRnd", 0, 0, 1),
        _knob("PanoramaLfoAmount", 0, 0, 1),
        _element(
            "Envelope",
            _knob("AttackTime", 0.1000000015, 0.1000000015, 20000),
            _knob("AttackLevel", 0.0003162277571, 0.0003162277571, 1),
            _knob("AttackSlope", 0, -1, 1),
            _knob("DecayTime", 300, 1, 60000),
            _knob("DecayLevel", 1, 0.0003162277571, 1),
            _knob("DecaySlope", 1, -1, 1),
            _knob("SustainLevel", 1, 0.0003162277571, 1),
            _knob("ReleaseTime", 60000, 1, 60000),
            _knob("ReleaseLevel", 0.0003162277571, 0.0003162277571, 1),
            _knob("ReleaseSlope", 1, -1, 1),
            _choice("LoopMode", 0),
            _knob("LoopTime", 100, 0.200000003, 20000),
            _knob("RepeatTime", 3, 0, 14),
            _knob("TimeVelScale", 0, -100, 100),
            *_values(CurrentOverlay=0),
        ),
        _element(
            "OneShotEnvelope",
            _knob("FadeInTime", 0, 0, 2000),
            _choice("SustainMode", 0),
            _knob("FadeOutTime", 0.1000000015, 0, 2000),
        ),
    )


def _settings() -> ET.Element:
    return _element(
        "Globals",
        *_values(NumVoices=2, NumVoicesEnvTimeControl=False, RetriggerMode=True, ModulationResolution=2),
        _knob("SpreadAmount", 0, 0, 100),
        _knob("KeyZoneShift", 0, -48, 48),
        _choice("PortamentoMode", 0),
        _knob("PortamentoTime", 50, 0.1000000015, 10000),
        *_values(PitchBendRange=5, MpePitchBendRange=48, ScrollPosition=0),
        _element(
            "EnvScale",
            _knob("EnvTime", 0, -100, 100),
            _knob("EnvTimeKeyScale", 0, -100, 100),
            _switch("EnvTimeIncludeAttack", True),
        ),
        *_values(IsSimpler=True, PlaybackMode=1, LegacyMode=False),
    )


def _simpler(velocity_scale: str) -> ET.Element:
    return _item(
        "OriginalSimpler",
        *_device(),
        _player(),
        _pitch(),
        _element("Filter", *_off()),
        _element("Shaper", *_off()),
        _volume(velocity_scale),
        _element("AuxEnv", *_off()),
        _element("Lfo", *_off()),
        *(_element(f"AuxLfos.{n}", *_off()) for n in range(2)),
        _element("KeyDst", *_connections()),
        _element("VelDst", *_connections()),
        _element("RelVelDst", *_connections()),
        *(_element(f"MidiCtrl.{n}", *_connections(), *_values(Feedback=0)) for n in range(6)),
        _settings(),
        _element(
            "ViewSettings",
            *_values(
                SelectedPage=0,
                ZoneEditorVisible=False,
                Seconds=False,
                SelectedSampleChannel=0,
                VerticalSampleZoom=1,
                IsAutoSelectEnabled=False,
                SimplerBreakoutVisible=False,
            ),
        ),
        _element("SimplerSlicing", *_values(PlaybackMode=0)),
    )


def _mixer() -> ET.Element:
    return _element(
        "MixerPreset",
        _item(
            "AbletonDevicePreset",
            *_values(OverwriteProtectionNumber=2816),
            _element(
                "Device",
                _item(
                    "AudioBranchMixerDevice",
                    *_device(),
                    _switch("Speaker", True),
                    _knob("Volume", 1, 0.0003162277571, 1.99526238),
                    _knob("Panorama", 0, -1, 1),
                    _element("SendInfos"),
                    _element(
                        "RoutingHelper",
                        _element(
                            "Routable",
                            *_values(
                                Target="AudioOut/None", UpperDisplayString="No Output", LowerDisplayString=""
                            ),
                        ),
                        *_values(TargetEnum=0),
                    ),
                    _element("SendsListWrapper", LomId=0),
                ),
            ),
            _default_preset("AudioBranchMixerDevice"),
        ),
    )


def _sample_file(path: str, frames: int, rate: int, size: int) -> ET.Element:
    return _element(
        "SampleRef",
        _element(
            "FileRef",
            *_values(
                RelativePathType=1,
                RelativePath=path,
                Path=path,
                Type=1,
                LivePackName="",
                LivePackId="",
                OriginalFileSize=size,
                OriginalCrc=0,
            ),
        ),
        *_values(LastModDate=0),
        _element("SourceContext"),
        *_values(SampleUsageHint=0, DefaultDuration=frames, DefaultSampleRate=rate),
    )


def _warping() -> ET.Element:
    return _element(
        "SampleWarpProperties",
        _element(
            "WarpMarkers",
            _element("WarpMarker", Id=0, SecTime=0, BeatTime=0),
            _element("WarpMarker", Id=1, SecTime=0.015625, BeatTime=0.03125),
        ),
        *_values(
            WarpMode=4,
            GranularityTones=30,
            GranularityTexture=65,
            FluctuationTexture=25,
            ComplexProFormants=100,
            ComplexProEnvelope=128,
            TransientResolution=6,
            TransientLoopMode=2,
            TransientEnvelope=100,
            IsWarped=False,
        ),
        _element("Onsets", _element("UserOnsets"), *_values(HasUserOnsets=False)),
        _element(
            "TimeSignature",
            _element(
                "TimeSignatures",
                _item("RemoteableTimeSignature", *_values(Numerator=4, Denominator=4, Time=0)),
            ),
        ),
        _element(
            "BeatGrid",
            *_values(
                FixedNumerator=1,
                FixedDenominator=16,
                GridIntervalPixel=20,
                Ntoles=2,
                SnapToGrid=True,
                Fixed=False,
            ),
        ),
    )


def _default_preset(device: str) -> ET.Element:
    """Where a device's preset comes from: it is Live's own, and no file."""
    no_file = _element(
        "FileRef",
        *_values(
            RelativePathType=0,
            RelativePath="",
            Path="",
            Type=1,
            LivePackName="",
            LivePackId="",
            OriginalFileSize=0,
            OriginalCrc=0,
        ),
    )
    return _element("PresetRef", _item("AbletonDefaultPresetRef", no_file, _element("DeviceId", Name=device)))


def _device() -> Elements:
    """What every device begins with."""
    return [
        *_values(LomId=0, LomIdView=0, IsExpanded=True),
        _switch("On", True),
        *_values(ModulationSourceCount=0),
        _element("ParametersListWrapper", LomId=0),
        _item("Pointee"),
        *_values(LastSelectedTimeableIndex=0, LastSelectedClipEnvelopeIndex=0),
        _element("LastPresetRef", _element("Value")),
        _element("LockedScripts"),
        *_values(IsFolded=False, ShouldShowPresetName=True, UserName="", Annotation=""),
        _element("SourceContext", _element("Value")),
        *_values(OverwriteProtectionNumber=2816),
    ]


def _off() -> Elements:
    """A part of a Simpler that is switched off."""
    return [_switch("IsOn", False), _element("Slot", _element("Value"))]


def _connections() -> Elements:
    """What a source of modulation reaches: nothing."""
    return [_element(f"ModConnections.{n}", *_values(Amount=0, Connection=0)) for n in range(2)]


def _element(name: str, *children: ET.Element, **attributes: Scalar) -> ET.Element:
    element = ET.Element(name, {key: _text(value) for key, value in attributes.items()})
    element.extend(children)
    return element


def _item(name: str, *children: ET.Element) -> ET.Element:
    """An element that carries a number, which is 0 where it is alone."""
    return _element(name, *children, Id=0)


def _value(name: str, value: Scalar) -> ET.Element:
    """``<Name Value="value" />``"""
    return _element(name, Value=value)


def _values(**values: Scalar) -> Elements:
    """One such element for each name."""
    return [_value(name, value) for name, value in values.items()]


def _numbered(count: int, make: Callable[..., ET.Element], name: str, *arguments: Scalar) -> Elements:
    """The same element several times: ``Name.0``, ``Name.1``, …"""
    return [make(f"{name}.{number}", *arguments) for number in range(count)]


def _knob(name: str, value: Scalar, low: Scalar, high: Scalar) -> ET.Element:
    """A number that can be automated and modulated."""
    limits = _element("MidiControllerRange", *_values(Min=low, Max=high))
    return _element(name, *_manual(value), limits, _target("AutomationTarget"), _target("ModulationTarget"))


def _choice(name: str, value: Scalar) -> ET.Element:
    """A number that can be automated."""
    return _element(name, *_manual(value), _target("AutomationTarget"))


def _switch(name: str, on: bool) -> ET.Element:
    """On or off; can be automated."""
    thresholds = _element("MidiCCOnOffThresholds", *_values(Min=64, Max=127))
    return _element(name, *_manual(on), _target("AutomationTarget"), thresholds)


def _manual(value: Scalar) -> Elements:
    return _values(LomId=0, Manual=value)


def _target(name: str) -> ET.Element:
    return _item(name, *_values(LockEnvelope=0))


def _text(value: Scalar) -> str:
    """A value as Live writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
