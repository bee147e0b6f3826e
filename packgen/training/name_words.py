"""The words of sound files' names: what names a class, what refuses a file, what says nothing.

`packgen.training.names` cuts names into them.
"""

from __future__ import annotations

import re

# The tables. A word stands for its plural too, and "_" for a blank or nothing.
# fmt: off

# Words that name a class in any company. "hat" and "cymbal" are settled by the words around them.
CLASS_WORDS: dict[str, str] = {
    "kick": """kick kik kck bdr bassdrm bassdr kick_drum k_drum bass_drum b_drum drum_bass bass_kick gran_cassa cassa
        grosse_caisse bombo bumbo grosse_trommel bochka бочка キック バスドラム
        底鼓 킥 stopa bastrumma""",
    "snare": """snare snar snr snare_drum s_drum snaredr caisse_claire redoblante tarola caja caixa rullante
        kleine_trommel малый_барабан スネア 军鼓 스네어 werbel virveltrumma""",
    "clap": "clap clp hand_clap klatschen palmas palmada battimani хлопок クラップ 拍手 클랩",
    "hat": "hat hihat hi_hat high_hat hhat hht hithat charley charleston chimbal хэт хай_хэт ハイハット 踩镲 하이햇",
    "open_hat": "oht hhod hohh foot_splash pedal_splash",
    "closed_hat": "cht hhcd fhh phh hat_chick foot_chick",
    "tom": """tom tom_tom roto_tom f_tom l_tom m_tom h_tom floor_tom standtom hängetom midtm lotm hitm mtd htd
        タム 通鼓""",
    "conga": "conga cng cnga quinto tumba tumbadora",
    "bongo": "bongo bng bngo bgo",
    "tambourine": """tambourine tambourin tamborine tamburine tamburin tamburello tambo tamb tmb tambour_de_basque
        pandereta schellenkranz бубен タンバリン 铃鼓""",
    "shaker": """shaker shkr maraca maracca cabasa cabassa cabaza afuche caxixi rassel ganza shekere chekere шейкер
        シェイカー 沙锤""",
    "snap": "snap finger_snap finger_click snp chasquido schnipsen fingerschnippen claquement_doigt schiocco スナップ",
    "crash": "crash crsh csh cshd cshda splash china crash_cym crash_cymbal suspended_cymbal piatti クラッシュ",
    "cymbal": "cymbal cym cymball cymbol cymb becken cymbale platillo piatto prato тарелка シンバル bekken 심벌",
    "ride": "ride rided rideda ride_bell r_bell ride_cym ride_cymbal ライド",
    "rim": """rim rim_shot rim_click side_stick cross_stick x_stick s_stick stick_side sidestk sidestik xstk crstick
        rimsh リムショット""",
    "cowbell": """cowbell cow_bell cowb cwbl agogo agogo_bell kuhglocke campanaccio cencerro cloche_a_vache
        カウベル 牛铃""",
}
# Short forms, which name a class only if no word of the name does.
SHORT_FORMS: dict[str, str] = {"kick": "bd", "snare": "sd sn sdr", "clap": "cp", "hat": "hh", "shaker": "shk shake"}
# Short forms that are also initials and syllables: they must begin or end a name without a word unknown here.
RISKY_FORMS: dict[str, str] = {
    "kick": "kd", "open_hat": "oh", "closed_hat": "ch", "tom": "tm lt mt ht ft", "conga": "lc mc hc",
    "tambourine": "tb tam", "shaker": "sh ma", "snap": "fs", "crash": "cr cy cra", "ride": "rd", "rim": "rs",
    "cowbell": "cb",
}
# How far a hat is open.
HAT_STATES: dict[str, str] = {
    "open": "open opened op opn ouvert ouverte abierto aberto aperto offen auf",
    "half": "half semi loose slosh sloshy",
    "closed": "closed close cl cls cld clsd closd pedal pdl ped foot ferme cerrado fechado chiuso geschlossen zu",
}

# Words that refuse a file by its name.
VETOES: dict[str, str] = {
    "loop": """loop roll fill bpm groove rhythm phrase pattern riff shuffle build build_up breakdown tops sequence jam
        ostinato intro outro paradiddle triplet stutter stem swirl stir swell drag ruff construction count_in
        metronome""",
    "voice": """vox vocal voc voice speech spoken acapella acappella adlib choir chant shout scream yell laugh whisper
        sing singing yeah hey uh huh ooh ah aah woah phoneme diphone
        tutorial lesson interview podcast announcement""",
    "music": """bass sub_bass chord melody melodic piano organ guitar gtr strings flute sax trumpet violin cello
        rhodes epiano sitar banjo
        harmonica accordion arp pluck stab bassline marimba xylophone glockenspiel kalimba harp horn""",
    "signal": "impulse ir impulse_response convolution preview demo sine_sweep test_tone midi mouse multitrack mixdown",
    "instrument": """clave woodblock wood_block guiro timbale cajon djembe tabla triangle gong tam_tam vibraslap
        whistle castanet timpani cuica surdo tamborim tambora taiko darbuka dumbek udu chime bell_tree mark_tree sleigh
        temple_block jingle_bell frame_drum hand_drum steel_drum anvil log_drum finger_cymbal zill crotale
        rainstick ratchet whip stomp flexatone bodhran""",
    "break": "break breakbeat beat",
    "effect": """fx sfx riser uplifter downlifter sweep whoosh swoosh impact transition drone reverse reversed rev
        scrape bowed scratch siren explosion applause crowd audience clapping twig branch bone neck camera photo
        atmosphere atmos ambience""",
    "other": "perc percussion synth pad lead key brass foley zap laser glitch water ocean rain",
}
HARD = ("loop", "voice", "music", "signal", "instrument")  # in a folder's name they speak for all that it holds
SOFT = "other"  # beside a class they say nothing

# Words that may stand beside a class, or be joined to it, and change nothing; in the last line those that only sound
# like a class.
NEUTRAL = """hard soft big small fat phat tight dry wet low lo mid med medium hi high short long loud quiet snappy
    punchy deep house techno trap ac acoustic elec electro electronic analog digital tiny vintage room amb ambient far
    near top bottom btm in out left right mono stereo vinyl tape lofi clean dirty dark bright warm crispy heavy light
    drum sample sound hit shot chop one single layer layered processed raw vol pack collection library wav aif flac
    bit khz brush rack floor alt ghost accent rock jazz funk pop metal garage club hiphop hop hip boom bap rnb dub dnb
    reggae latin afro disco retro classic modern old new main extra misc various other all sub distorted distortion
    noise noisy click clicky boomy gated verb reverb plate hall flam edge bell tip bow cup shoulder center centre
    finger hand egg wood steel maple birch head shell ludwig gretsch pearl tama yamaha sonor premier mapex zildjian
    sabian paiste meinl istanbul bosphorus simmons roland korg univox oberheim emu akai alesis casio boss sim real rr
    vl vel v s a b c d e f g h k l m r x super ultra mega max mini micro power gabba industrial edm percussive
    from_break amen
    chat that what custom bottom atom phantom symptom somewhat"""
KITS = "kit drumkit drums drumset session machine producer"
JOINTS = "and & + n with und et y vs plus"

# Sayings and names that hold a word of the tables and do not mean it: "_" may be a blank, "*" more letters.
IDIOMS = """
    kick_ass* kick_start* kick_stand* kick_back* kick_off kick_flip* kick_box* kick_ball* kicker* kickin kicking
    kickless* side_kick* door_kick* ball_kick* karate_kick* hat_trick* hats_off top_hat snap_back* snap_shot*
    snapchat* snapdragon* snapper* snarl* clap_back* clapton clap_trap* clapper* clapboard clapham car_crash
    glass_crash plane_crash train_crash crash_test* crash_course crash_landing crash_car crashed crashing joy_ride*
    bike_ride* bus_ride* horse_ride* train_ride* ride_or_die ride_on water_splash tom_waits tom_cruise tom_sawyer
    tom_misch tom_petty dj_tom uncle_tom major_tom peeping_tom tomorrow sequentialcircuitstom bongo_cat kick_it
    kick_that clap_your clap_it shake_it shake_that shake_your snap_your snap_it ride_the ride_it open_source open_air
    open_mic loopmasters looperman loopcloud* loophole loop_loft groove_box* groove_agent beat_box* heart_beat*
    re_fill* rock_n_roll rock_and_roll rock_&_roll drum_and_bass drum_n_bass drum_&_bass
    drums_and_bass drums_&_bass future_bass uk_bass ghetto_bass bass_house bass_music rhythm_ace rhythm_king
    rhythm_composer rhythm_box rhythm_machine compu_rhythm micro_rhythmer rhythmer dr_rhythm jam_pack* thunder_clap*
    tom's
"""
# Machines whose names hold a short form ("RolandMT32" is no tom), and those whose bass is a drum ("Cr8kbass").
MACHINES = re.compile(r"mt-?32|mc-?\d{3}|sh-?(?:09|101|32)|tb-?303|rm-?50|rd-?[689](?!\d)|rs-?09", re.I)
DRUM_MACHINES = re.compile(r"cr-?(?:8k|78|68|800|[158]000)|lm-?[12](?!\d)|linn|dmx|drumtra(?:ks|x)", re.I)

# Long enough to be sure of at either end of a token that is otherwise unknown ("snareslack", "Cabasado"), at its end
# only ("simtom", "Cavebd", "hcclosedhh"), and at its start only ("HHODA", "Bdrumble").
STEMS = """kick bassdr snare snar clap crash shaker conga bongo tambo cowb cymbal maraca cabasa hihat rimshot
    sidestick splash loop vocal riser percussion""".split()
ENDINGS = "closedhh openhh closedhat openhat hh tom hat snap bd sd".split()
STARTS = "hhc hho bd".split()
# Letters that mean something only beside certain classes: "HH_O", "Hat C 05", "tomh", "Klcng".
HAT_LETTERS = {"o": "open", "c": "closed", "p": "closed"}
PITCH_LETTERS = {letter: {"tom", "conga", "bongo"} for letter in "lmhfr"}

# Two classes that do stand in one name, the last being the noun; of a snare and a rim it is the rim.
PAIRS = {frozenset(pair.split()) for pair in (
    "clap snap", "clap snare", "clap rim", "snap snare", "snap rim", "snare rim", "rim tom", "kick tom",
    "tom conga", "tom bongo", "conga bongo", "rim conga", "rim bongo", "shaker tambourine", "shaker hat",
    "tambourine hat", "crash ride", "crash hat", "ride hat",
)}
# fmt: on
